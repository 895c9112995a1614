import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packBackup, unpackBackup } from '../../../src/adapters/crypto/backup-archive.js';
import { createBackupBox } from '../../../src/adapters/crypto/backup-box.js';
import type { BackupFiles } from '../../../src/ports/backup-box.js';
import { seededRandom } from '../../support/seeded-random.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../../support/tools.js';
import { NOON } from '../../support/test-zone.js';

const CHANGES = 2000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PASSPHRASE = bytes('four words of peace');
const box = createBackupBox(1);
/** What no archive makes smaller: several pieces of the age format. */
const random = seededRandom(1);
const noise = (): number => Math.floor(random() * 256);
const FILES: BackupFiles = new Map([
  ['manifest.json', bytes('{}')],
  ['zone.db', new Uint8Array(150_000).map(noise)],
  ['servers/web1/security/live', bytes('generations/3')],
  ['servers/web1/security/generations/3/key.der', bytes('key')],
  ['certificate-authority/1/key.enc', new Uint8Array()],
]);
let sealed = new Uint8Array();

beforeAll(async () => {
  sealed = Uint8Array.from(await box.seal(FILES, PASSPHRASE, NOON));
});

/** Of a file that nobody sealed. */
function header(factor: string): string {
  const [salt, key, mac] = ['A'.repeat(22), 'A'.repeat(43), 'A'.repeat(43)];
  return `age-encryption.org/v1\n-> scrypt ${salt} ${factor}\n${key}\n--- ${mac}\n`;
}

async function codeOf(changed: Uint8Array): Promise<string> {
  try {
    await box.open(changed, PASSPHRASE, 'zone.age');
    return 'opened';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

describe('a backup file', () => {
  test('gives back what was put in', async () => {
    expect(await box.open(sealed, PASSPHRASE, 'zone.age')).toEqual(FILES);
  });

  test('is not opened by another passphrase (I-21)', async () => {
    const opened = box.open(sealed, bytes('four words of war'), 'zone.age');
    await expect(opened).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  test(`${CHANGES} random single changes are each refused (I-22)`, async () => {
    const draw = seededRandom(20_261_128);
    const header = Buffer.from(sealed).indexOf('\n--- ');
    const codes = new Set<string>();
    for (let round = 0; round < CHANGES; round += 1) {
      const changed = sealed.slice();
      // A quarter of them in the header, which is a small part of the file.
      const at = Math.floor(draw() * (round % 4 === 0 ? header + 60 : changed.length));
      const was = changed[at] ?? 0;
      changed[at] = was ^ (1 + Math.floor(draw() * 255));
      codes.add(await codeOf(changed));
    }
    expect([...codes].sort()).toEqual(['damaged', 'wrong-passphrase']);
  }, 120_000);

  test('cut short or grown it is refused', async () => {
    const lengths = Array.from({ length: 60 }, (_, index) =>
      Math.floor((sealed.length * index) / 60),
    );
    for (const length of [...lengths, sealed.length - 1, 65_536, 65_768])
      expect([length, await codeOf(sealed.slice(0, length))]).toEqual([length, 'damaged']);
    expect(await codeOf(Uint8Array.from([...sealed, 0]))).toBe('damaged');
    expect(await codeOf(Uint8Array.from([...sealed, ...sealed]))).toBe('damaged');
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['only the beginning', 'age-encryption.org/v1\n'],
    ['a key of another kind', 'age-encryption.org/v1\n-> X25519 AAAA\nBBBB\n--- CCCC\n'],
  ])('%s is no backup', async (_what, text) => {
    expect(await codeOf(bytes(text))).toBe('damaged');
  });

  test.each([
    [19, '512 MiB'],
    [20, '1 GiB'],
    [22, '4 GiB'],
    [40, '1048576 GiB'],
  ])(
    'that asks for a work factor of %i is refused before the work is done (I-23)',
    async (factor, memory) => {
      const before = process.memoryUsage.rss();
      const opened = box.open(bytes(header(String(factor))), PASSPHRASE, '/backups/zone.age');
      await expect(opened).rejects.toMatchObject({
        code: 'unreadable',
        message: `/backups/zone.age asks for scrypt with a work factor of ${factor}, which takes ${memory} of memory; zmint opens up to 18, as age writes them`,
        hint: expect.stringContaining('age -d -o zone.zip /backups/zone.age; age -p'),
      });
      expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
    },
  );

  test.each(['0', '018', '100', '1e1', '-1', ''])(
    'with %j as work factor is damaged',
    async (factor) => {
      expect(await codeOf(bytes(header(factor)))).toBe('damaged');
    },
  );

  test.each(['../zone.db', '/zone.db', 'servers/../x', 'servers/a', 'a b', 'servers/-x/y', ''])(
    'I-6: %j cannot stand in it',
    async (name) => {
      const refused = box.seal(new Map([[name, bytes('x')]]), PASSPHRASE, NOON);
      await expect(refused).rejects.toMatchObject({ code: 'bug' });
    },
  );

  test('more files than an archive counts lie in archives within it', () => {
    const files = new Map(
      Array.from({ length: 7 }, (_, index) => [
        `servers/web${index}/security/live`,
        bytes('generations/1'),
      ]),
    );
    const archive = packBackup(files, NOON, 3);
    expect(Object.keys(unzipSync(archive))).toHaveLength(5);
    expect(unpackBackup(archive)).toEqual(files);
  });
});

const whenAge = requireTool('age') && requireTool('python3') ? test : test.skip;

/** Types a passphrase so often to a tool that asks for it on a terminal only. */
const TYPED = `
import os, pty, sys
times, passphrase, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0: os.execvp(command[0], command)
for _ in range(times):
    seen = b''
    while b'passphrase' not in seen: seen += os.read(fd, 1000)
    os.write(fd, passphrase.encode() + b'\\n')
try:
    while os.read(fd, 1000): pass
except OSError: pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

function runAge(times: number, ...argv: readonly string[]): void {
  const words = ['-c', TYPED, String(times), 'four words of peace', 'age', ...argv];
  execFileSync('python3', words, { env: toolEnvironment() });
}

whenAge('the age tool opens it, and unzip lays the zone out as it was', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'zone.age');
  const opened = join(folder, 'zone.zip');
  writeFileSync(file, await createBackupBox(10).seal(FILES, PASSPHRASE, NOON));
  runAge(1, '-d', '-o', opened, file);
  const listed = execFileSync('python3', ['-m', 'zipfile', '-l', opened]).toString();
  for (const name of FILES.keys()) expect(listed).toContain(name);
  execFileSync('python3', ['-m', 'zipfile', '-t', opened]);
});

whenAge('what the age tool encrypts anew is opened', async () => {
  const folder = temporaryFolder();
  const archive = join(folder, 'zone.zip');
  const file = join(folder, 'again.age');
  writeFileSync(archive, packBackup(FILES, NOON));
  runAge(2, '-p', '-o', file, archive);
  const made = Uint8Array.from(readFileSync(file));
  expect(await box.open(made, PASSPHRASE, file)).toEqual(FILES);
});
