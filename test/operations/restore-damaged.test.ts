import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { ZoneStore } from '../../src/ports/zone-store.js';
import type { SerialReservation } from '../../src/zone/certificate-record.js';
import { DAY } from '../../src/zone/instant.js';
import type { Revocation } from '../../src/zone/revocation.js';
import { backUp, restore, testCustody } from '../support/test-custody.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';
import { entry } from '../support/zone-rows.js';

const REVOKED = 'ab'.repeat(32);
const TAKEN = '7777';

/** A zone that has revoked a certificate and taken a number since its backup. */
let origin = '';
let backup = '';
let zoneHome = '';

beforeAll(async () => {
  origin = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: origin, now: NOON });
  backup = join(temporaryFolder(), 'zone.age');
  await backUp({ zoneHome: origin, now: NOON }, backup);
  await inZone(origin, async (store) => {
    const [authority] = await store.authorities();
    const issuerSpkiSha256 = authority?.spkiSha256 ?? '';
    const serial: SerialReservation = {
      ...{ issuerSpkiSha256, serial: TAKEN, purpose: 'client', reservedAt: NOON },
      ...{ memberId: null, operationId: null },
    };
    const revocation: Revocation = {
      ...{ fingerprint: REVOKED, issuerSpkiSha256, serial: '1234', reason: 'superseded' },
      ...{ revokedAt: NOON, invalidityDate: null, notAfter: NOON + DAY, listedIn: 7 },
    };
    await store.commit(entry(), [
      { type: 'reserve-serials', serials: [serial] },
      { type: 'put-revocations', revocations: [revocation] },
    ]);
  });
});

beforeEach(() => {
  zoneHome = join(temporaryFolder(), 'zone');
  cpSync(origin, zoneHome, { recursive: true, verbatimSymlinks: true });
});

async function inZone<T>(home: string, work: (store: ZoneStore) => Promise<T>): Promise<T> {
  const { store } = await openTestZone({ zoneHome: home, now: NOON });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

function alter(sql: string): void {
  const database = new Database(join(zoneHome, 'zone.db'));
  database.exec(sql);
  database.close();
}

async function carried(): Promise<{ readonly taken: boolean; readonly revoked: boolean }> {
  const serials: string[] = [];
  for await (const page of testCustody(NOON).images.reservations(zoneHome))
    serials.push(...page.map(({ serial }) => serial));
  const revocation = await inZone(zoneHome, (store) => store.revocation(REVOKED));
  return { taken: serials.includes(TAKEN), revoked: revocation !== undefined };
}

describe('a zone whose database is damaged is replaced, and what it still tells is kept', () => {
  const everything = { taken: true, revoked: true };
  test.each([
    ['the row of the zone', "UPDATE zone SET name = 'x'", [], everything],
    ['a member', "UPDATE members SET name = 'x'", [], everything],
    [
      'a revocation',
      'UPDATE revocations SET revoked_at = 1',
      ['revocations'],
      { taken: true, revoked: false },
    ],
    [
      'a serial number',
      `UPDATE serial_reservations SET reserved_at = 1 WHERE serial = '${TAKEN}'`,
      ['serial-numbers'],
      { taken: false, revoked: true },
    ],
    ['a table', 'DROP TABLE crl_issuers', ['crl-numbers'], everything],
    [
      'an older schema',
      'DELETE FROM schema_migrations WHERE version > 8; DROP TABLE revocations',
      ['revocations', 'crl-numbers'],
      { taken: true, revoked: false },
    ],
  ])('%s', async (_what, sql, forgotten, kept) => {
    alter(sql);
    const report = await restore(NOON, { zoneHome, path: backup, acceptOlder: true });
    expect(report).toMatchObject({ outcome: 'restored', forgotten });
    expect(await carried()).toEqual(kept);
    const [event] = await inZone(zoneHome, (store) => store.lastEvents(1));
    expect(event?.details).toMatchObject({ forgotten });
  });

  test.each([
    ['the lock', false],
    ['the lock and the database', true],
  ])('%s is garbage', async (_what, all) => {
    const garbage = 'no database'.repeat(1000);
    writeFileSync(join(zoneHome, 'lock.db'), garbage);
    if (all) writeFileSync(join(zoneHome, 'zone.db'), garbage);
    const report = await restore(NOON, { zoneHome, path: backup, acceptOlder: true });
    expect(report).toMatchObject({ outcome: 'restored' });
    expect(await carried()).toEqual({ taken: !all, revoked: !all });
    const aside = readdirSync(report.aside ?? '');
    expect(aside).toEqual(expect.arrayContaining(readdirSync(origin)));
  });

  test('but not without being told to', async () => {
    alter("UPDATE zone SET name = 'x'");
    const refused = restore(NOON, { zoneHome, path: backup });
    await expect(refused).rejects.toMatchObject({
      code: 'policy',
      details: { lineage: 'unknown' },
    });
  });
});
