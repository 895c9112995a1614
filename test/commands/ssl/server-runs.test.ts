import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadColours, PLAIN } from '../../../commands/cli/style.js';
import { renderServerLines } from '../../../commands/ssl/server-lines-view.js';
import { renderServerRuns } from '../../../commands/ssl/server-runs-view.js';
import { createZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { areServersAtRest, listServerLines, listServerRuns } from '../../../src/index.js';
import type { GlanceContext } from '../../../src/ports/context.js';
import type { Revocation } from '../../../src/zone/revocation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  BEGINNING,
  certificate,
  entry,
  member,
  operation,
  request,
  ZONE,
} from '../../support/zone-rows.js';

const NOW = BEGINNING + 1000;
const HOLDER = { command: 'test', pid: process.pid, since: NOW, waitSeconds: 5 };

const SERVER = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/u),
  life: fc.constantFrom(null, [-900, -1], [-900, 90_000], [100, 90_000], [-900, 100_000]),
});

type Server = typeof SERVER extends fc.Arbitrary<infer Value> ? Value : never;

async function zoneOf(servers: readonly Server[]) {
  const store = await createZoneStore(temporaryFolder(), HOLDER);
  await store.commit(entry(), [
    { type: 'put-zone', zone: ZONE },
    {
      type: 'put-members',
      members: servers.map(({ name }, index) =>
        member(index, { name, path: `/Devices/Servers/${name}` }),
      ),
    },
    {
      type: 'add-certificates',
      certificates: servers.flatMap(({ life }, index) => {
        if (life === null) return [];
        const [from = 0, to = 0] = life;
        const dates = { notBefore: NOW + from, notAfter: NOW + to };
        const owned = { memberId: `member-${index}`, state: 'current' as const, ...dates };
        return [certificate(index, owned)];
      }),
    },
  ]);
  return store;
}

function contextOf(store: Awaited<ReturnType<typeof zoneOf>>): GlanceContext {
  return { store, counts: store.counts } as unknown as GlanceContext;
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

test('a list of servers at rest is the one that is made server by server', async () => {
  const colours = await loadColours();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(SERVER, { maxLength: 12, selector: ({ name }) => name }),
      fc.integer({ min: 20, max: 119 }),
      fc.boolean(),
      async (servers, width, coloured) => {
        const store = await zoneOf(servers);
        const ctx = contextOf(store);
        const surface = { width, style: coloured ? colours : PLAIN };
        const options = { surface, offsetAt: () => 3600, now: NOW };
        const wanted = await text(renderServerLines(listServerLines(ctx, NOW), options));
        expect(await text(renderServerRuns(listServerRuns(ctx, NOW), options))).toBe(wanted);
        store.close();
      },
    ),
    { numRuns: 100 },
  );
});

test('a zone is at rest when certificates alone say how its servers stand', async () => {
  const store = await zoneOf([{ name: 'web0', life: [-900, 90_000] }]);
  const ctx = contextOf(store);
  expect(await areServersAtRest(ctx)).toBe(true);
  const waiting = request(1, { memberId: 'member-0' });
  await store.commit(entry(), [{ type: 'put-requests', requests: [waiting] }]);
  expect(await areServersAtRest(ctx)).toBe(false);
  const over = { ...waiting, state: 'superseded' as const };
  await store.commit(entry(), [{ type: 'put-requests', requests: [over] }]);
  expect(await areServersAtRest(ctx)).toBe(true);
  await store.commit(entry(), [{ type: 'put-operation', operation: operation(1) }]);
  expect(await areServersAtRest(ctx)).toBe(false);
  const ended = operation(1, { phase: 'done' });
  await store.commit(entry(), [{ type: 'put-operation', operation: ended }]);
  expect(await areServersAtRest(ctx)).toBe(true);
  const revoked: Revocation = {
    fingerprint: certificate(0).record.fingerprint,
    issuerSpkiSha256: 'ab'.repeat(32),
    serial: '1234',
    reason: 'key-compromise',
    revokedAt: NOW,
    invalidityDate: null,
    notAfter: NOW + 90_000,
    listedIn: null,
  };
  await store.commit(entry(), [{ type: 'put-revocations', revocations: [revoked] }]);
  expect(await areServersAtRest(ctx)).toBe(false);
  store.close();
});
