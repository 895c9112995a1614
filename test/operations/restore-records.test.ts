import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { listIssued } from '../../src/operations/list-issued.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { executeRevocation, planRevocation } from '../../src/operations/revoke-certificate.js';
import type { OperationContext } from '../../src/ports/context.js';
import { ISSUED_AT, issueWished, wish } from '../support/issue-bench.js';
import { backUp, pictureOf, restore } from '../support/test-custody.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone } from '../support/test-zone.js';
import { entry } from '../support/zone-rows.js';

async function inZone<T>(
  zoneHome: string,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const ctx = await openTestZone({ zoneHome, now: ISSUED_AT });
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

async function freshZone(): Promise<{ readonly zoneHome: string; readonly path: string }> {
  const zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: ISSUED_AT }, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  return { zoneHome, path: join(temporaryFolder(), 'zone.age') };
}

test('what was revoked since the backup is listed as revoked', async () => {
  const { zoneHome, path } = await freshZone();
  const word = await inZone(zoneHome, async (ctx) => {
    const { record } = await issueWished(ctx, wish('agent', []));
    return record.fingerprint;
  });
  await backUp({ zoneHome, now: ISSUED_AT }, path);
  await inZone(zoneHome, async (ctx) => {
    const certificate = { word, file: null };
    const request = {
      certificate,
      reason: 'superseded' as const,
      invalidityDate: null,
      reload: true,
    };
    const plan = await planRevocation(ctx, request, ISSUED_AT);
    if (plan !== undefined) await executeRevocation(ctx, plan);
  });
  await restore(ISSUED_AT, { zoneHome, path, acceptOlder: true });
  const rows = await inZone(zoneHome, (ctx) => listIssued(ctx, ISSUED_AT));
  expect(rows.map(({ status }) => status)).toEqual(['revoked']);
});

test.each(['copying', 'erasing'] as const)(
  'a move of the CA role that was interrupted while %s is over, and touches nothing of the zone of then',
  async (state) => {
    const { zoneHome, path } = await freshZone();
    await inZone(zoneHome, async ({ store }) => {
      const [ca1, web1] = await store.membersNamed(['ca1', 'web1']);
      const fromHome = join(zoneHome, 'servers/ca1');
      const toHome = join(zoneHome, 'servers/web1');
      const ids = { fromMemberId: ca1?.id ?? '', toMemberId: web1?.id ?? '' };
      const facts = { generations: [1], startedBy: 'tester', startedAt: ISSUED_AT };
      const move = { ...ids, ...facts, fromHome, toHome, state };
      await store.commit(entry(), [{ type: 'put-ca-move', move }]);
    });
    await backUp({ zoneHome, now: ISSUED_AT }, path);
    const before = pictureOf(zoneHome);
    const elsewhere = join(temporaryFolder(), 'zone');
    await restore(ISSUED_AT, { zoneHome: elsewhere, path });
    await inZone(elsewhere, async (ctx) => {
      expect(await ctx.store.caMove()).toBeUndefined();
      await resumeOperations(ctx, ISSUED_AT);
    });
    expect(pictureOf(zoneHome)).toEqual(before);
  },
);
