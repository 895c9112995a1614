import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { FileKeyVault } from '../../../src/adapters/fs/key-vault.js';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { FileZoneFolder } from '../../../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import type { KeyPair } from '../../../src/ports/keys.js';
import { identityOf, passphrase } from '../../contracts/key-vault.js';
import { sampleRepo, sampleSet } from '../../contracts/member-homes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { toolEnvironment } from '../../support/tools.js';
import { freshZone, snapshot, type FreshZone } from './fresh-zone.js';

const fs = createNodeZoneFs();
const keys = createNodeKeys();

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { env: toolEnvironment() }).status === 0;
}

const mount = (folder: string): boolean =>
  run('mount', '-t', 'tmpfs', '-o', 'size=128k,mode=0700', 'tmpfs', folder);

function canMount(): boolean {
  const folder = join(temporaryFolder(), 'try');
  mkdirSync(folder);
  const worked = mount(folder) && run('umount', folder);
  if (worked) return true;
  const ci = process.env.CI ?? '';
  if (ci !== '' && ci !== 'false')
    throw new Error('no tmpfs can be mounted, and CI may not do without');
  process.stderr.write(
    'SKIPPED: no tmpfs can be mounted, so full and read-only disks are not tested\n',
  );
  return false;
}

/** Takes all space that is left, or all but so many bytes. */
function fillDisk(folder: string, leave: number): void {
  const descriptor = openSync(join(folder, 'ballast'), 'w', 0o600);
  const block = Buffer.alloc(4096);
  try {
    for (let more = 1; more > 0;) more = tryWrite(descriptor, block);
  } finally {
    closeSync(descriptor);
  }
  if (leave > 0) run('truncate', '-s', `-${leave}`, join(folder, 'ballast'));
}

function tryWrite(descriptor: number, block: Buffer): number {
  try {
    return writeSync(descriptor, block);
  } catch {
    return 0;
  }
}

const big = (mark: string): Uint8Array => Buffer.alloc(6_000, mark);
const bigSet = (mark: string): ReturnType<typeof sampleSet> => ({
  'server.cer': big(mark),
  'key.pem': big(mark),
  'key.der': big(mark),
  'ca.cert': big(mark),
});

(canMount() ? describe : describe.skip)('a small disk', () => {
  let disk: string;
  let zone: FreshZone;
  let homes: FileMemberHomes;
  let pair: KeyPair;

  beforeEach(async () => {
    pair = await keys.generate('ec:P-256');
    disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk, { mode: 0o700 });
    if (!mount(disk)) throw new Error('the second mount failed');
    zone = freshZone(disk);
    homes = new FileMemberHomes(fs, zone.zoneHome);
    await homes.prepare(zone.home);
    await homes.writeSet(zone.home, 1, sampleSet('1'));
    await homes.switchLive(zone.home, 1);
    await homes.writeSet(zone.home, 3, sampleSet('3'));
    await homes.writeRepo(zone.home, sampleRepo('old'));
    await new FileZoneFolder(fs, zone.zoneHome).publishTrust(big('o'));
  });

  afterEach(() => {
    run('umount', disk);
  });

  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    writeSet: () => homes.writeSet(zone.home, 2, bigSet('n')),
    'writeSet over a leftover': () => homes.writeSet(zone.home, 3, bigSet('n')),
    writeRepo: () =>
      homes.writeRepo(zone.home, {
        'server.cer': big('n'),
        'key.der': big('n'),
        'ca.cert': big('n'),
      }),
    publishTrust: () => new FileZoneFolder(fs, zone.zoneHome).publishTrust(big('n')),
    writeUpdate: () =>
      new FileZoneFolder(fs, zone.zoneHome).writeUpdate('6d1f8a52-3c0b-4e6e-9f6a-0d5c1b2a3e4f', {
        a: big('n'),
        b: big('n'),
      }),
    seal: async () => {
      const vault = new FileKeyVault({ fs, zoneHome: zone.zoneHome, keys, workFactor: 2 ** 15 });
      const place = { home: zone.home, generation: 1 };
      await vault.seal(place, pair.pkcs8, identityOf(pair), passphrase('correct horse battery'));
    },
  };

  test.each(Object.keys(acts).flatMap((act) => [0, 4096, 12_288].map((left) => ({ act, left }))))(
    'I-17 $act with $left bytes left says so, leaves all as it was, works again with room',
    async ({ act, left }) => {
      fillDisk(disk, left);
      const before = files(zone);
      const failed = await acts[act]?.().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (failed === undefined) expect(left).toBeGreaterThan(0);
      else {
        expect(failed).toMatchObject({ code: 'storage' });
        expect((failed as Error).message).toMatch(
          /^cannot (?:write|create) \/.*: the disk is full$/u,
        );
        expect(files(zone)).toEqual(before);
      }
      rmSync(join(disk, 'ballast'));
      await acts[act]?.();
    },
  );

  test.each(Object.keys(acts))('%s on a read-only file system changes nothing', async (act) => {
    const before = files(zone);
    expect(run('mount', '-o', 'remount,ro', disk)).toBe(true);
    await expect(acts[act]?.()).rejects.toMatchObject({ code: 'storage' });
    await expect(acts[act]?.()).rejects.toThrow('the file system is read-only');
    expect(files(zone)).toEqual(before);
    expect((await homes.observe(zone.home)).live).toBe(1);
    expect(run('mount', '-o', 'remount,rw', disk)).toBe(true);
    await acts[act]?.();
  });
});

/** All files; a folder that was made on the way and is empty does no harm. */
function files(zone: FreshZone): readonly string[] {
  return snapshot(zone.zoneHome).filter((line) => !/certificate-authority\S* 700$/u.test(line));
}
