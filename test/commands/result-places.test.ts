import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { onSmallDisk, remount, requireRoot } from '../support/privileged.js';

let at: CommandLine;
let folder = '';

beforeAll(async () => {
  at = commandLine();
  await at.given(SMALL_ZONE);
  folder = dirname(at.zoneHome);
  mkdirSync(join(folder, 'there'));
  writeFileSync(join(folder, 'file'), 'x');
  writeFileSync(join(folder, 'secret.txt'), 'a long passphrase\n', { mode: 0o600 });
  const { json } = await at.run('zmint generate-csr web1 --yes --json');
  const [request] = (json() as { requests: readonly { csr: string }[] }).requests;
  writeFileSync(join(folder, 'web1.csr'), request?.csr ?? '');
  writeFileSync(join(folder, 'root.pem'), (await at.run('zmint ca export')).out);
});

/** Every option and argument that names a result file. */
const FILES = [
  'zmint ca export --out OUT',
  'zmint ca export --der --out OUT',
  'zmint ca backup OUT --passphrase-file secret.txt --yes',
  'zmint ca issue --name x --csr web1.csr --out OUT --yes',
  'zmint ca change --to internal --subordinate --out OUT --yes',
  'zmint cert convert root.pem --to der --out OUT --yes',
  'zmint truststore export --to pem --out OUT --yes',
  'zmint truststore export --to p12 --out OUT --no-out-passphrase --yes',
  'zmint truststore merge --out OUT root.pem --yes',
  'zmint getsscert 127.0.0.1:1 --out OUT --yes',
  'zmint generate-csr web1 --zip OUT --yes',
  'zmint generate-csr --waiting --zip OUT',
] as const;

/** Every option that names the folder of several. */
const FOLDERS = [
  'zmint ca issue --name x --out OUT --yes',
  'zmint ca issue --name x --p12 --out OUT --yes',
  'zmint generate-csr web1 --out OUT --yes',
  'zmint generate-csr --waiting --out OUT',
  'zmint generate-csr --waiting --dry-run --out OUT',
] as const;

describe('a result that cannot be written is told before anything is done', () => {
  test.each(FILES)('%s', async (line) => {
    for (const [out, told] of [
      ['missing/new', `the folder ${folder}/missing is not there\nzmint: hint: mkdir -p `],
      ['file/new', `${folder}/file is a file, not a folder\nzmint: hint: ls -ld `],
    ] as const) {
      const { status, err } = await expectUnchanged(at, line.replace('OUT', out));
      expect([status, err]).toEqual([2, expect.stringContaining(told)]);
    }
  });

  test.each(FILES.filter((line) => !line.includes('--csr')))('%s with a folder', async (line) => {
    const { status, err } = await expectUnchanged(at, line.replace('OUT', 'there'));
    expect([status, err]).toEqual([2, expect.stringContaining(`/there is a folder, not a file\n`)]);
  });

  test.each(FOLDERS)('%s', async (line) => {
    for (const [out, told] of [
      ['missing', `the folder ${folder}/missing is not there\nzmint: hint: mkdir -p -m 700 `],
      ['file', `${folder}/file is a file, not a folder\nzmint: hint: ls -ld `],
    ] as const) {
      const { status, err } = await expectUnchanged(at, line.replace('OUT', out));
      expect([status, err]).toEqual([2, expect.stringContaining(told)]);
    }
  });

  test.each([
    ['none.txt', 17],
    ['there', 18],
    ['short.txt', 24],
    ['empty.txt', 20],
  ])('a new zone is not begun with %s as passphrase file', async (name, status) => {
    writeFileSync(join(folder, 'short.txt'), 'short\n', { mode: 0o600 });
    writeFileSync(join(folder, 'empty.txt'), '', { mode: 0o600 });
    const line = `zmint init --zone other --name S --server s1 --dns s1.example.com --passphrase-file ${name} --yes`;
    for (const more of ['', ' --ca internal --subordinate'])
      expect((await at.run(`${line}${more}`)).status).toBe(status);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  test('a new zone is not made when its request has no place', async () => {
    const line =
      'zmint init --zone other --name S --server s1 --dns s1.example.com --no-passphrase --subordinate --out missing/ca.csr --yes';
    expect((await at.run(line)).status).toBe(2);
    expect((await at.run('zmint status --zone other')).status).toBe(10);
  });
});

describe('a file that is there (no slip of the fingers costs a key)', () => {
  const KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  const RENEWED = [
    'zmint ca export --out OUT',
    'zmint ca export --bundle --out OUT',
    'zmint ca export --der --out OUT',
    'zmint ca crl --out OUT --yes',
    'zmint generate-csr --waiting --zip OUT',
  ] as const;

  test.each(RENEWED)('%s: made anew over its like or nothing, over nothing else', async (line) => {
    const path = join(folder, 'renewed');
    const run = (): Promise<{ readonly status: number; readonly err: string }> =>
      at.run(line.replace('OUT', 'renewed'));
    writeFileSync(path, '');
    expect((await run()).status).toBe(0);
    const made = readFileSync(path);
    expect((await run()).status).toBe(0);
    for (const other of [
      Buffer.from(KEY),
      Buffer.concat([made, Buffer.from(KEY)]),
      Buffer.from([0x30, 0x82, 0x01]),
      Buffer.from('my notes\n'),
    ]) {
      if (line.includes('--zip') && other[0] === 0x50) continue;
      writeFileSync(path, other);
      const { status, err } = await run();
      const told = err.includes(`${path} is there and holds something else than`);
      expect({ status, told, other }).toEqual({ status: 24, told: true, other });
      expect(readFileSync(path).equals(other)).toBe(true);
    }
    rmSync(path);
  });

  test.each([
    ['zmint generate-csr web1 --zip OUT --yes', 'web1.zip'],
    ['zmint ca change --to internal --subordinate --out OUT --yes', 'other.csr'],
  ])('%s: before a key is made', async (line, name) => {
    writeFileSync(join(folder, name), KEY);
    expect((await expectUnchanged(at, line.replace('OUT', name))).status).toBe(24);
    expect(readFileSync(join(folder, name), 'utf8')).toBe(KEY);
  });

  test('generate-csr --out: made anew over a request, and over nothing else', async () => {
    mkdirSync(join(folder, 'handed'));
    const path = join(folder, 'handed/web1.csr');
    const line = 'zmint generate-csr --waiting --out handed';
    await at.given([line, line]);
    writeFileSync(path, KEY);
    expect((await at.run(line)).status).toBe(24);
    expect(readFileSync(path, 'utf8')).toBe(KEY);
  });
});

const whenRoot = requireRoot() ? test : test.skip;

whenRoot('a store of the system that cannot be written to: nothing is begun', async () => {
  await onSmallDisk(64, async (root) => {
    const place = join(root, 'usr/local/share/ca-certificates');
    mkdirSync(place, { recursive: true });
    remount(root, 'ro');
    const line = `zmint truststore export --to system --root ${root}`;
    const { status, err } = await expectUnchanged(at, `${line} --yes`);
    expect([status, err]).toEqual([
      33,
      expect.stringContaining(`cannot write to ${place}: the file system is read-only`),
    ]);
    expect((await at.run(`${line} --dry-run`)).status).toBe(0);
  });
});

describe('a place that goes bad meanwhile', () => {
  test('requests that were made wait, and the error says so', async () => {
    mkdirSync(join(folder, 'csrs/web1.csr'), { recursive: true });
    const { status, err } = await at.run('zmint generate-csr web1 --out csrs --yes');
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('/web1.csr is a folder, not a file; the requests are made and wait'),
    ]);
    expect(err).toContain('hint: zmint generate-csr --waiting');
    const { json } = await at.run('zmint generate-csr --waiting --json');
    expect(json()).toMatchObject({ requests: [{ csr: expect.stringContaining('BEGIN') }] });
  });

  test('lists of revocations are published before their copy is written', async () => {
    const { status, err } = await at.run('zmint ca crl --out missing/crl.pem --yes');
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('missing is not there; the lists are published all the same'),
    ]);
    expect(readFileSync(join(at.zoneHome, 'crl/bundle.pem'), 'utf8')).toContain('X509 CRL');
  });
});
