import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openForWriting } from '../../../src/adapters/sql/open-connection.js';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { CERTIFICATES, MEMBERS } from '../../../src/adapters/sql/tables.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { certificate, device, entry, member, ZONE } from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

let zoneHome = '';

beforeEach(async () => {
  zoneHome = temporaryFolder();
  const store = await createZoneStore(zoneHome, WRITER);
  const owned = { memberId: 'member-1', state: 'current' } as const;
  await store.commit(entry(), [
    { type: 'put-zone', zone: ZONE },
    { type: 'put-members', members: [member(1), member(2), device(3)] },
    { type: 'add-certificates', certificates: [certificate(1, owned)] },
  ]);
  store.close();
});

async function linesAfter(sql: string) {
  const writing = openForWriting(join(zoneHome, 'zone.db'));
  writing.setting('foreign_keys = OFF');
  writing.run(sql);
  writing.close();
  const reader = await openZoneReader(zoneHome);
  try {
    return await reader.serverLinesAfter({ after: null, limit: 10 });
  } finally {
    reader.close();
  }
}

/** By these a row is found: when they are altered, another one is shown or none. */
const FOUND_BY = ['kind', 'member_id', 'state', 'purpose'];

const COLUMNS = [MEMBERS, CERTIFICATES].flatMap((table) =>
  [...table.columns, 'row_digest']
    .filter((column) => !FOUND_BY.includes(column))
    .map((column) => [table.name, column] as const),
);

describe('lines of servers', () => {
  test('are of servers alone, with their certificates in use', async () => {
    const { fingerprint, notBefore, notAfter, spkiSha256 } = certificate(1).record;
    const lines = await linesAfter('SELECT 1');
    expect(lines.map(({ id }) => id)).toEqual(['member-1', 'member-2']);
    expect(lines.map(({ current }) => current)).toEqual([
      { fingerprint, notBefore, notAfter, spkiSha256 },
      null,
    ]);
  });

  test.each(COLUMNS)('%s: an altered %s is found', async (table, column) => {
    const other = `CASE typeof(${column}) WHEN 'integer' THEN ${column} + 1 WHEN 'null' THEN '1' ELSE ${column} || '1' END`;
    await expect(linesAfter(`UPDATE ${table} SET ${column} = ${other}`)).rejects.toMatchObject({
      code: 'damaged',
    });
  });
});
