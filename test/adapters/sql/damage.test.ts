import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { appendEvent } from '../../../src/adapters/sql/append-event.js';
import { openForWriting } from '../../../src/adapters/sql/open-connection.js';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { sealRow } from '../../../src/adapters/sql/table.js';
import { MEMBERS } from '../../../src/adapters/sql/tables.js';
import { ZmintError } from '../../../src/errors.js';
import { verifyEvents, EMPTY_LOG } from '../../../src/zone/verify-events.js';
import { readAll } from '../../support/zone-store-subject.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { certificate, entry, member, WHOLE_ZONE } from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

/** The file of a whole zone, closed: everything is in it and nothing in a log. */
let original: string;
let truth: Readonly<Record<string, unknown>>;
const first = certificate(1).record.fingerprint;

beforeAll(async () => {
  const home = temporaryFolder();
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), WHOLE_ZONE);
  const more = Array.from({ length: 20 }, (_, index) => certificate(100 + index));
  await store.commit(entry('added'), [{ type: 'add-certificates', certificates: more }]);
  await store.commit(entry('looked', { at: 'something' }), []);
  truth = await readAll(store);
  expect(await store.damage()).toEqual([]);
  store.close();
  original = join(home, 'zone.db');
});

function homeOfCopy(): string {
  const home = temporaryFolder();
  copyFileSync(original, join(home, 'zone.db'));
  chmodSync(join(home, 'zone.db'), 0o600);
  return home;
}

async function damageAfter(sql: string): Promise<readonly string[]> {
  const home = homeOfCopy();
  const database = new Database(join(home, 'zone.db'));
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
  const reader = await openZoneReader(home);
  const damage = await reader.damage();
  reader.close();
  return damage;
}

describe('damage() finds', () => {
  test.each([
    ['zone', 'UPDATE zone SET name = name || 1', /^row "5b0f.*" of zone: .* has been altered$/u],
    ['zone', `UPDATE zone SET ca_member_id = NULL`, /of zone/u],
    ['members', `UPDATE members SET reload = 'rm -rf /' WHERE name = 'web1'`, /"member-1" of mem/u],
    [
      'authorities',
      'UPDATE authorities SET generation = 7 WHERE generation = 1',
      /^row 7 of authorities/u,
    ],
    ['certificates', `UPDATE certificates SET state = 'current'`, /^row "\w{64}" of certificates/u],
    ['certificates', 'UPDATE certificates SET not_after = not_after + 1', /of certificates/u],
    [
      'serials',
      `UPDATE serial_reservations SET serial = '13' WHERE serial = '12'`,
      /"13" of serial/u,
    ],
    [
      'sets',
      `UPDATE member_sets SET trust = '[]' WHERE number = 1`,
      /"member-1", 1 of member_sets/u,
    ],
    ['moves', `UPDATE ca_moves SET state = 'erasing'`, /"member-1", "member-2" of ca_moves/u],
    [
      'administrators',
      `UPDATE administrators SET privilege = 'admin'`,
      /^row "anna" of administrators/u,
    ],
    ['operations', `UPDATE operations SET activation = 'x'`, /^row "op-1" of operations/u],
    [
      'parts',
      'UPDATE operation_members SET waived = 0',
      /"op-1", "member-1" of operation_members/u,
    ],
    [
      'anchors',
      `UPDATE trust_anchors SET source = 'external'`,
      /^row "zone-ca-1" of trust_anchors/u,
    ],
    [
      'a digest',
      `UPDATE members SET row_digest = '' WHERE name = 'web2'`,
      /"member-2" of members/u,
    ],
    [
      'events',
      `UPDATE audit_events SET actor = 'anna' WHERE sequence = 2`,
      /^event 2 has been altered/u,
    ],
    [
      'events',
      `UPDATE audit_events SET details = 'x' WHERE sequence = 2`,
      /^audit_events: .*details/u,
    ],
    ['a lost event', 'DELETE FROM audit_events WHERE sequence = 2', /^event 2 is missing$/u],
    [
      'a lost DER',
      `DELETE FROM certificate_der WHERE fingerprint = '${first}'`,
      /DER of .* is missing/u,
    ],
    [
      'a lost record',
      `DELETE FROM certificates WHERE fingerprint = '${first}'`,
      /names a row of certificates/u,
    ],
    [
      'a lost member',
      `DELETE FROM members WHERE id = 'member-1'`,
      /^member "member-1", which has parts in operations, is missing$/u,
    ],
    [
      'a departed member that is there',
      `INSERT INTO departed_members (member_id) VALUES ('member-1')`,
      /^member "member-1" is in the zone and among those that have left it$/u,
    ],
    [
      'a count',
      `UPDATE kept_counts SET number = number + 1 WHERE what = 'members'`,
      /^kept_counts says \d+ for members, but there are \d+$/u,
    ],
    [
      'a lost count',
      `DELETE FROM kept_counts WHERE what = 'current'`,
      /^kept_counts says null for current, but there are \d+$/u,
    ],
    [
      'a lost trigger',
      `DROP TRIGGER members_come`,
      /^trigger members_come is not laid out as zmint lays it$/u,
    ],
    ['a lost operation', `DELETE FROM operations`, /operation_members names a row of operations/u],
    [
      'a lost index',
      'DROP INDEX certificates_by_end',
      /^index certificates_by_end is not laid out/u,
    ],
    ['a lost table', 'DROP TABLE trust_anchors', /^table trust_anchors is not laid out/u],
    [
      'a trigger',
      'CREATE TRIGGER t AFTER INSERT ON members BEGIN DELETE FROM members; END',
      /^trigger t is not laid out/u,
    ],
  ])('an alteration of %s: %s', async (_, sql, finding) => {
    expect(await damageAfter(sql)).toContainEqual(expect.stringMatching(finding));
  });

  test('each DER of which one octet differs, and der() refuses it', async () => {
    const home = homeOfCopy();
    const database = new Database(join(home, 'zone.db'));
    const { der } = certificate(1);
    der.set([der[599] === 0 ? 1 : 0], 599);
    database.prepare('UPDATE certificate_der SET der = ? WHERE fingerprint = ?').run(der, first);
    database.close();
    const reader = await openZoneReader(home);
    expect(await reader.damage()).toEqual([`the DER of certificate ${first} has been altered`]);
    await expect(reader.der([first])).rejects.toMatchObject({ code: 'damaged' });
    expect(await reader.certificate(first)).toEqual(certificate(1).record);
    reader.close();
  });

  test('nothing in a row that fits its digest, but a row in the place of another', async () => {
    const cells = sealRow(MEMBERS, member(1));
    const home = homeOfCopy();
    const database = new Database(join(home, 'zone.db'));
    const set = [...MEMBERS.columns, 'row_digest'].map((name) => `${name} = ?`).join(', ');
    const update = database.prepare(`UPDATE members SET ${set} WHERE id = 'member-1'`);
    update.run(...cells);
    const sound = await openZoneReader(home);
    expect(await sound.damage()).toEqual([]);
    sound.close();
    update.run('member-9', ...cells.slice(1));
    database.close();
    const reader = await openZoneReader(home);
    expect(await reader.damage()).toEqual([
      'row "member-9" of members: row "member-9" of members has been altered',
      'member "member-1", which has parts in operations, is missing',
    ]);
    await expect(reader.members()).rejects.toMatchObject({ code: 'damaged' });
    reader.close();
  });
});

describe('an altered row', () => {
  test('is refused when it is read or changed, and stays found', async () => {
    const home = homeOfCopy();
    const database = new Database(join(home, 'zone.db'));
    database.exec(`UPDATE certificates SET not_after = 0 WHERE fingerprint = '${first}'`);
    database.close();
    const store = await openZoneStore(home, WRITER);
    const damaged = { code: 'damaged', hint: 'zmint doctor' };
    await expect(store.certificate(first)).rejects.toMatchObject(damaged);
    await expect(store.certificates({})).rejects.toMatchObject(damaged);
    const change = {
      type: 'set-certificate-state' as const,
      fingerprints: [first],
      state: 'revoked' as const,
    };
    await expect(store.commit(entry(), [change])).rejects.toMatchObject(damaged);
    expect(await store.damage()).toHaveLength(1);
    store.close();
  });
});

test('300 flipped bits: each is found or changes nothing, and no failure is untyped (I-23)', async () => {
  const content = readFileSync(original);
  const home = homeOfCopy();
  const path = join(home, 'zone.db');
  const outcomes = { found: 0, harmless: 0 };
  for (let flip = 0; flip < 300; flip += 1) {
    // Spread over the whole file by a fixed draw, so that a failure can be repeated.
    const draw = createHash('sha256').update(`flip ${flip}`).digest().readUInt32BE();
    const bit = draw % (content.length * 8);
    const altered = Buffer.from(content);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, altered);
    const found = await lookAtAll(home, flip);
    outcomes[found ? 'found' : 'harmless'] += 1;
  }
  // Most of the file is empty pages, one for each table and index.
  expect(outcomes.found).toBeGreaterThan(15);
  expect(outcomes.found + outcomes.harmless).toBe(300);
}, 120_000);

/** Whether something was found wrong. Fails when what was read differs and nothing was found. */
async function lookAtAll(home: string, flip: number): Promise<boolean> {
  const found: string[] = [];
  try {
    const reader = await openZoneReader(home);
    found.push(...(await typed(reader.damage(), [])));
    const told = await typed(readAll(reader), undefined);
    if (told === undefined) expect([flip, found.length]).not.toEqual([flip, 0]);
    else if (found.length === 0) expect([flip, told]).toEqual([flip, truth]);
    reader.close();
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    expect([flip, error.code, error.message]).not.toEqual([flip, 'bug', error.message]);
    return true;
  }
  return found.length > 0;
}

async function typed<Result>(work: Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return otherwise;
  }
}

test('20,000 events are read page by page and hold', async () => {
  const home = homeOfCopy();
  const connection = openForWriting(join(home, 'zone.db'));
  connection.transaction(() => {
    for (let number = 4; number <= 20_000; number += 1) {
      appendEvent(connection, entry('filled', { number }));
    }
  });
  connection.close();
  const reader = await openZoneReader(home);
  const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
  let head = EMPTY_LOG;
  for (;;) {
    const page = await reader.events(head.sequence, 1000);
    const verdict = verifyEvents(page, sha256, head);
    expect(verdict.broken).toBeUndefined();
    ({ head } = verdict);
    if (page.length < 1000) break;
  }
  expect(head.sequence).toBe(20_000);
  expect(await reader.lastEvents(1)).toMatchObject([{ sequence: 20_000, hash: head.hash }]);
  expect(await reader.damage()).toEqual([]);
  reader.close();
});
