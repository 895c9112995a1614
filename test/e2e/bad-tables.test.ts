import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { expectRefused } from '../support/expect-refused.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { makeTestZone } from '../support/test-zone.js';

let folder = '';
let zone = '';

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-tables-'));
  zone = join(folder, 'zone');
  await makeTestZone({ zoneHome: zone, now: Math.floor(Date.now() / 1000) }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('tables of servers', () => {
  const HEAD = 'name,dns,addDns,ip,kind,roles,home,reload,probe';

  function table(...rows: readonly string[]): string {
    const path = join(folder, 'servers.csv');
    writeFileSync(path, `${[HEAD, ...rows].join('\n')}\n`);
    return path;
  }

  test.each<[string, () => string]>([
    ['a formula for a name', () => table("=cmd|' /C calc'!A0,x.example.com,,,,,,,")],
    ['a formula for an address', () => table('x,x.example.com,,=1+1,,,,,')],
    ['a path for a name', () => table('../../etc,x.example.com,,,,,,,')],
    ['an open quote', () => table('"x,x.example.com,,,,,,,')],
    ['too many columns', () => table('x,x.example.com,,,,,,,,,,,')],
    ['a column that is unknown', () => headed('name,dns,shoeSize')],
    ['the same name twice', () => table('x,x.example.com,,,,,,,', 'X,y.example.com,,,,,,,')],
    ['a name that is there', () => table('web1,y.example.com,,,,,,,')],
    ['17 MiB', () => table('x'.repeat(17 * 1024 * 1024))],
    ['no UTF-8', () => bytes(Buffer.from([0xff, 0xfe, 0x00]))],
    ['nothing', () => bytes(Buffer.alloc(0))],
    ['an escape in the reload command', () => table('x,x.example.com,,,,,,"\u001b[31mtrue",')],
  ])('%s', async (_what, file) => {
    await expectRefused(zone, ['server', 'add', '--from', file(), '--yes'], {
      status: 20,
      code: 'unreadable',
    });
  });

  test('one line that is wrong stops all the others', async () => {
    const rows = Array.from(
      { length: 200 },
      (_one, index) => `s${index},s${index}.example.com,,,,,,,`,
    );
    await expectRefused(
      zone,
      ['server', 'add', '--from', table(...rows, 'wrong name,x.example.com,,,,,,,'), '--yes'],
      { status: 20, code: 'unreadable', says: /:202: /u },
    );
  });

  function headed(head: string): string {
    return bytes(Buffer.from(`${head}\nx,x.example.com,42\n`));
  }

  function bytes(content: Buffer): string {
    const path = join(folder, 'odd.csv');
    writeFileSync(path, content);
    return path;
  }
});
