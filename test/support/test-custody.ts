import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createBackupBox } from '../../src/adapters/crypto/backup-box.js';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../../src/adapters/crypto/keys.js';
import { createNodeRandom } from '../../src/adapters/crypto/random.js';
import { createBackupShelf } from '../../src/adapters/fs/backup-shelf.js';
import { createKeyFiles } from '../../src/adapters/fs/key-files.js';
import { FileZonePlaces } from '../../src/adapters/fs/zone-places.js';
import type { ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { createZoneImages } from '../../src/adapters/sql/zone-images.js';
import { executeBackup, planBackup } from '../../src/operations/make-backup.js';
import { executeRestore, type RestoreReport } from '../../src/operations/execute-restore.js';
import { planRestore, type RestoreRequest } from '../../src/operations/plan-restore.js';
import { proveBackup } from '../../src/operations/prove-backup.js';
import type { CustodyContext } from '../../src/ports/context.js';
import type { Instant } from '../../src/zone/instant.js';
import type { VerifiedBackup } from '../../src/zone/verified-backup.js';
import type { FaultLine } from './fault-line.js';
import { EFFECTS, openTestZone, type TestWorld } from './test-zone.js';
import { createUnsyncedDisk } from './unsynced-disk.js';

/** 2^1: tests open thousands of backups. */
const CHEAP = 1;

/** The passphrase of every backup of the tests. */
const BACKUP_PASSPHRASE = 'four words of peace';
/** The passphrase of the CAs that have one. */
export const CA_PASSPHRASE = 'another five words here';

const secret = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Backups on real files and SQLite, with cheap scrypt; `faults` stops at an effect. */
export function testCustody(now: Instant, faults?: FaultLine): CustodyContext {
  const disk = createUnsyncedDisk();
  const fs = faults === undefined ? disk : faults.wrap<ZoneFs>('fs', disk, EFFECTS);
  const keys = createNodeKeys();
  const images = createZoneImages({
    command: 'test',
    pid: process.pid,
    since: now,
    waitSeconds: 5,
  });
  return {
    box: createBackupBox(CHEAP),
    shelf: createBackupShelf(fs),
    places: new FileZonePlaces(fs),
    images: {
      ...images,
      openStore: async (zoneHome) => {
        const store = await images.openStore(zoneHome);
        return faults === undefined ? store : faults.wrap('store', store, ['commit']);
      },
    },
    keyFiles: createKeyFiles(keys),
    keys,
    digest: createNodeDigest(),
    random: createNodeRandom(),
    actor: 'tester',
  };
}

/** Secrets as a person gives them. */
export function testSecrets(passphrase = BACKUP_PASSPHRASE, ca = CA_PASSPHRASE) {
  return { passphrase: secret(passphrase), caPassphrase: () => Promise.resolve(secret(ca)) };
}

/** Plans and makes a backup of the zone. */
export async function backUp(
  world: TestWorld,
  path: string,
  secrets = testSecrets(),
): Promise<VerifiedBackup> {
  const ctx = await openTestZone(world);
  const custody = testCustody(world.now, world.faults);
  try {
    const plan = await planBackup(ctx, custody, path, world.now);
    return await executeBackup(ctx, custody, plan, secrets);
  } finally {
    ctx.store.close();
  }
}

/** Proves, plans and restores. */
export async function restore(
  now: Instant,
  request: Pick<RestoreRequest, 'zoneHome' | 'path'> & Partial<RestoreRequest>,
  {
    secrets = testSecrets(),
    faults,
  }: { secrets?: ReturnType<typeof testSecrets>; faults?: FaultLine } = {},
): Promise<RestoreReport> {
  const custody = testCustody(now, faults);
  const bytes = await custody.shelf.read(request.path);
  const proved = await proveBackup(custody, { ...secrets, name: request.path, bytes });
  try {
    const whole = { server: null, acceptOlder: false, ...request };
    return await executeRestore(custody, proved, await planRestore(custody, proved, whole, now));
  } finally {
    proved.reader.close();
  }
}

/** Every name below a folder, locks apart, with its mode and content: what must not change when something is refused. */
export function pictureOf(folder: string, prefix = ''): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !/^(?:zone\.db-(?:shm|wal)|lock\.db.*)$/u.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const facts = lstatSync(path);
      const shown = `${prefix}${name} ${facts.mode.toString(8)}`;
      if (facts.isDirectory()) return [shown, ...pictureOf(path, `${prefix}${name}/`)];
      if (facts.isSymbolicLink()) return [`${shown} -> ${readlinkSync(path)}`];
      return [`${shown} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`];
    });
}
