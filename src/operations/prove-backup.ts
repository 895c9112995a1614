import { ZmintError } from '../errors.js';
import type { BackupFiles } from '../ports/backup-box.js';
import type { CustodyContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { ZoneReader } from '../ports/zone-store.js';
import { decodeUtf8 } from '../encoding/utf8.js';
import { DATABASE, UNLOCK_FILE } from '../zone/backup-entry.js';
import { MANIFEST, parseManifest, type BackupManifest } from '../zone/backup-manifest.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import { keyHolder } from '../zone/key-holder.js';
import type { Custody } from '../zone/zone.js';

/** A backup file and what opens it. */
export interface BackupToOpen {
  /** Its path, told in errors. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of the backup; the caller wipes it. */
  readonly passphrase: Uint8Array;
  /** Asked for only when the CA keys in it are locked with a passphrase; the caller wipes it. */
  readonly caPassphrase: () => Promise<Uint8Array>;
}

/** A backup that was opened and found whole, and whose keys have signed. */
export interface ProvedBackup {
  readonly manifest: BackupManifest;
  readonly files: BackupFiles;
  readonly sha256: Fingerprint;
  /** The database in it; the caller closes it. */
  readonly reader: ZoneReader;
}

/**
 * Opens a backup, compares every file with the manifest, looks at every row of its database, and lets
 * each CA key in it sign a test. Nothing is written. Throws `wrong-passphrase` for either passphrase,
 * `damaged` for whatever is not as it was written.
 */
export async function proveBackup(
  ctx: CustodyContext,
  backup: BackupToOpen,
): Promise<ProvedBackup> {
  const files = await ctx.box.open(backup.bytes, backup.passphrase, backup.name);
  const manifest = parseManifest(decodeUtf8(fileOf(files, MANIFEST, backup.name)), backup.name);
  requireFiles(ctx, { files, manifest, name: backup.name });
  const reader = await ctx.images.open(fileOf(files, DATABASE, backup.name), backup.name);
  try {
    await requireDatabase(reader, manifest, backup.name);
    const { custody } = keyHolder(await reader.zone(), await reader.authorityRequests());
    await requireKeys(ctx, { files, manifest, backup, custody });
    return { manifest, files, sha256: ctx.digest.sha256(backup.bytes), reader };
  } catch (error) {
    reader.close();
    throw error;
  }
}

interface Content {
  readonly files: BackupFiles;
  readonly manifest: BackupManifest;
}

function requireFiles(
  { digest }: Pick<CustodyContext, 'digest'>,
  { files, manifest, name }: Content & { readonly name: string },
): void {
  const wanted = new Map(Object.entries(manifest.files));
  for (const [file, bytes] of files) {
    if (file === MANIFEST) continue;
    if (wanted.get(file) !== digest.sha256(bytes))
      throw damaged(name, `${file} in it is not the file that its manifest lists`);
    wanted.delete(file);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw damaged(name, `${missing} is missing in it`);
}

async function requireDatabase(
  reader: ZoneReader,
  manifest: BackupManifest,
  name: string,
): Promise<void> {
  const [damage] = await reader.damage();
  if (damage !== undefined) throw damaged(name, `its database is damaged: ${damage}`);
  const zone = await reader.zone();
  const [newest] = await reader.lastEvents(1);
  const { head } = manifest;
  if (zone.id !== manifest.zoneId || zone.custody !== manifest.custody)
    throw damaged(name, 'its manifest and its database tell of two zones');
  if (newest?.sequence !== head.sequence || newest.hash !== head.hash)
    throw damaged(name, 'its database ends with another event than its manifest says');
}

interface LockedContent extends Content {
  readonly backup: BackupToOpen;
  readonly custody: Custody;
}

async function requireKeys(
  ctx: CustodyContext,
  { files, manifest, backup, custody }: LockedContent,
): Promise<void> {
  const { keys, zoneId } = manifest;
  if (keys.length === 0) return;
  const unlock: Unlock =
    custody === 'passphrase'
      ? { kind: 'passphrase', bytes: await backup.caPassphrase() }
      : { kind: 'no-passphrase' };
  for (const { file, spkiSha256 } of keys) {
    const bytes = fileOf(files, file, backup.name);
    const identity = { zoneId, spkiSha256 };
    const named = { name: `${backup.name}: ${file}`, bytes };
    const signer = await ctx.keyFiles.open(named, identity, unlock, files.get(UNLOCK_FILE));
    const test = ctx.random.bytes(32);
    try {
      const signature = await signer.sign(test);
      if (ctx.keys.verify(signer.spki, signer.algorithm, test, signature)) continue;
    } finally {
      signer.close();
    }
    throw damaged(backup.name, `the key ${file} in it makes signatures that do not verify`);
  }
}

function fileOf(files: BackupFiles, file: string, name: string): Uint8Array {
  const bytes = files.get(file);
  if (bytes !== undefined) return bytes;
  throw damaged(name, `${file} is missing in it`);
}

function damaged(name: string, fact: string): ZmintError {
  return new ZmintError('damaged', `${name} is no sound backup: ${fact}`, {
    hint: 'take another copy of it, or an earlier backup',
    details: { path: name },
  });
}
