import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Connection } from '../../../src/adapters/sql/connection.js';
import { findWrongLines, keepLines, readShortLines } from '../../../src/adapters/sql/kept-lines.js';
import { openForWriting } from '../../../src/adapters/sql/open-connection.js';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import type { ShortLines, ShortRun } from '../../../src/ports/server-lines.js';
import type { ZoneReader } from '../../../src/ports/zone-store.js';
import type { ServerLine } from '../../../src/ports/zone-walks.js';
import type { Change } from '../../../src/zone/change.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { BEGINNING, certificate, device, entry, member, ZONE } from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

/** Members may have one of so many places and names, certificates one of so many owners. */
const MEMBERS = 7;
const CERTIFICATES = 12;

const NUMBER = fc.nat(MEMBERS - 1);

/** A member comes, or is moved and renamed, or becomes a device; or it goes. */
const OF_MEMBER = fc.record({
  what: fc.constantFrom('put', 'put', 'put', 'device', 'remove'),
  number: NUMBER,
  place: NUMBER,
});

const OF_CERTIFICATE = fc.record({
  what: fc.constantFrom('add', 'add', 'state', 'state', 'again'),
  number: fc.nat(CERTIFICATES - 1),
  owner: NUMBER,
  life: fc.nat(2),
  purpose: fc.constantFrom('server', 'server', 'server', 'client'),
  state: fc.constantFrom('current', 'current', 'future', 'previous', 'cancelled'),
} as const);

/** Another program that uses the database, as far as it can. */
const BY_HAND = fc.constantFrom(
  `UPDATE members SET path = path || 'x' WHERE id = 'member-2'`,
  `DELETE FROM certificates WHERE fingerprint IN (SELECT min(fingerprint) FROM certificates)`,
  `UPDATE certificates SET member_id = 'member-1' WHERE state = 'current'`,
);

type Step =
  | ({ readonly of: 'member' } & (typeof OF_MEMBER extends fc.Arbitrary<infer V> ? V : never))
  | ({ readonly of: 'certificate' } & (typeof OF_CERTIFICATE extends fc.Arbitrary<infer V>
      ? V
      : never))
  | { readonly of: 'keep'; readonly size: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  OF_MEMBER.map((one) => ({ of: 'member' as const, ...one })),
  OF_CERTIFICATE.map((one) => ({ of: 'certificate' as const, ...one })),
  fc.integer({ min: 1, max: 4 }).map((size) => ({ of: 'keep' as const, size })),
);

function changeOf(step: Exclude<Step, { of: 'keep' }>): Change {
  if (step.of === 'member') {
    const { what, number, place } = step;
    if (what === 'remove') return { type: 'remove-member', memberId: `member-${number}` };
    const changes = { name: `web${place}`, path: `/Devices/Servers/web${place}` };
    const one = what === 'device' ? device(number) : member(number, changes);
    return { type: 'put-members', members: [one] };
  }
  const { what, number, owner, life, purpose, state } = step;
  const made = certificate(number, {
    memberId: `member-${owner}`,
    notBefore: BEGINNING + life,
    notAfter: BEGINNING + 1000 + life,
    purpose,
    state,
  });
  const { fingerprint } = made.record;
  if (what === 'add') return { type: 'add-certificates', certificates: [made] };
  if (what === 'again') return { type: 'take-certificate-again', fingerprint, operationId: 'op-1' };
  return { type: 'set-certificate-state', fingerprints: [fingerprint], state };
}

/** The lines as the rows alone say them. */
function wantedLine({ name, current }: ServerLine): string {
  const digits = current?.fingerprint.slice(0, 16) ?? '';
  return [name, current?.notBefore ?? '', current?.notAfter ?? '', digits].join(' ');
}

async function rowsIn(store: ZoneReader): Promise<readonly string[]> {
  const lines = await store.serverLinesAfter({ after: null, limit: 1000 });
  return lines.map(wantedLine);
}

async function linesIn(store: ZoneReader): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ;) {
    const page: ShortLines = await store.shortLinesAfter(after);
    for (const run of page.runs) lines.push(...linesOf(run));
    if (page.last === null) return lines;
    after = page.last;
  }
}

function linesOf({ life, width, lines }: ShortRun): readonly string[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [name = '', digits = ''] = line.split('\t');
      expect(name).toHaveLength(width);
      return [name.trimEnd(), life?.notBefore ?? '', life?.notAfter ?? '', digits].join(' ');
    });
}

async function emptyZone(): Promise<string> {
  const zoneHome = temporaryFolder();
  const store = await createZoneStore(zoneHome, WRITER);
  await store.commit(entry(), [{ type: 'put-zone', zone: ZONE }]);
  store.close();
  return zoneHome;
}

/** Whether the page of a path is kept. */
function pages(connection: Connection): readonly unknown[] {
  return connection.all('SELECT behind FROM kept_lines ORDER BY behind').map(([behind]) => behind);
}

describe('kept lines', () => {
  test('are those of the rows after any changes, whenever they are kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(STEP, { maxLength: 40 }),
        fc.option(BY_HAND),
        async (steps, sql) => {
          const zoneHome = await emptyZone();
          const connection = openForWriting(join(zoneHome, 'zone.db'));
          const store = await openZoneStore(zoneHome, WRITER);
          try {
            for (const step of steps) {
              if (step.of === 'keep') keepLines(connection, step.size);
              else await commitIfAllowed(store, changeOf(step));
              expect(await linesIn(store)).toEqual(await rowsIn(store));
              expect([...findWrongLines(connection)]).toEqual([]);
            }
            if (sql !== null) {
              connection.setting('foreign_keys = OFF');
              runIfAllowed(connection, sql);
              const [kept, rows] = await Promise.allSettled([linesIn(store), rowsIn(store)]);
              expect(kept.status).toBe(rows.status);
            }
          } finally {
            store.close();
            connection.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are kept when the writer closes, and only the page of a change is made again', async () => {
    const zoneHome = await emptyZone();
    const store = await openZoneStore(zoneHome, WRITER);
    const members = [0, 1, 2, 3, 4, 5].map((number) => member(number));
    await store.commit(entry(), [{ type: 'put-members', members }]);
    store.close();
    const connection = openForWriting(join(zoneHome, 'zone.db'));
    expect(pages(connection)).toEqual(['']);
    connection.run('DELETE FROM kept_lines');
    keepLines(connection, 2);
    const all = ['', ...['web1', 'web3', 'web5'].map((name) => `/Devices/Servers/${name}`)];
    expect(pages(connection)).toEqual(all);
    const again = await openZoneStore(zoneHome, WRITER);
    await again.commit(entry(), [
      {
        type: 'add-certificates',
        certificates: [certificate(1, { memberId: 'member-2', state: 'current' })],
      },
    ]);
    expect(pages(connection)).toEqual(all.filter((behind) => !behind.endsWith('web1')));
    await again.commit(entry(), [{ type: 'remove-member', memberId: 'member-0' }]);
    expect(pages(connection)).toEqual(all.slice(2));
    expect(await linesIn(again)).toEqual(await rowsIn(again));
    again.close();
    expect(pages(connection)).toEqual(all.filter((behind) => !behind.endsWith('web1')));
    expect([...findWrongLines(connection)]).toEqual([]);
    connection.close();
  });

  test('are made of all servers of a large zone', async () => {
    const zoneHome = await emptyZone();
    const store = await openZoneStore(zoneHome, WRITER);
    const numbers = Array.from({ length: 1203 }, (_, number) => number);
    await store.commit(entry(), [
      { type: 'put-members', members: numbers.map((number) => member(number)) },
    ]);
    expect(await linesIn(store)).toEqual(await rowsInAll(store));
    store.close();
    const reader = await openZoneReader(zoneHome);
    expect(await linesIn(reader)).toEqual(await rowsInAll(reader));
    reader.close();
  });

  test.each([
    ['a line', `content = replace(content, 'web3', 'web9')`],
    ['a time', `content = replace(content, '[null', '[1')`],
    ['a bound', `last = '/Devices/Servers/web4'`],
    ['a bound that is not there', 'last = NULL'],
    ['the digest', `digest = digest || 'a'`],
    ['a beginning', `behind = behind || 'x'`],
  ])('of which %s was altered are not used, and found', async (_, change) => {
    const zoneHome = await emptyZone();
    const store = await openZoneStore(zoneHome, WRITER);
    const members = [0, 1, 2, 3, 4, 5].map((number) => member(number));
    await store.commit(entry(), [{ type: 'put-members', members }]);
    const connection = openForWriting(join(zoneHome, 'zone.db'));
    keepLines(connection, 2);
    const where = `WHERE behind = '/Devices/Servers/web1'`;
    expect(connection.run(`UPDATE kept_lines SET ${change} ${where}`)).toBe(1);
    expect(await linesIn(store)).toEqual(await rowsIn(store));
    expect(await store.damage()).toEqual([
      expect.stringMatching(/^kept_lines: the lines behind "\/Devices\/Servers\/web1x?" are not/u),
    ]);
    store.close();
    connection.close();
  });

  test('are not kept over a row that was altered, and the list says so', async () => {
    const zoneHome = await emptyZone();
    const store = await openZoneStore(zoneHome, WRITER);
    await store.commit(entry(), [{ type: 'put-members', members: [member(1), member(2)] }]);
    store.close();
    const connection = openForWriting(join(zoneHome, 'zone.db'));
    connection.run(`UPDATE members SET name = 'web9' WHERE id = 'member-2'`);
    expect(pages(connection)).toEqual([]);
    expect(() => {
      keepLines(connection);
    }).toThrow(expect.objectContaining({ code: 'damaged' }));
    expect(() => readShortLines(connection, '')).toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
    const again = await openZoneStore(zoneHome, WRITER);
    await again.commit(entry(), [{ type: 'put-members', members: [member(3)] }]);
    again.close();
    expect(pages(connection)).toEqual([]);
    expect(connection.first(`SELECT count(*) FROM members`)).toEqual([3]);
    connection.close();
  });
});

async function rowsInAll(store: ZoneReader): Promise<readonly string[]> {
  const lines = await store.serverLinesAfter({ after: null, limit: 10_000 });
  return lines.map(wantedLine);
}

/** A name that another member has, or a certificate that is there, is refused; then nothing changes. */
async function commitIfAllowed(
  store: Awaited<ReturnType<typeof openZoneStore>>,
  change: Change,
): Promise<void> {
  try {
    await store.commit(entry(), [change]);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/./u) });
  }
}

function runIfAllowed(connection: Connection, sql: string): void {
  try {
    connection.run(sql);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/./u) });
  }
}
