import { ZmintError } from '../errors.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import type { BackupFiles } from '../ports/backup-box.js';
import type { CustodyContext, OperationContext, ReadContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import { DATABASE, keyFileName } from '../zone/backup-entry.js';
import { MANIFEST, renderManifest, type BackupManifest } from '../zone/backup-manifest.js';
import { BACKUP_VERIFIED } from '../zone/decide-restore.js';
import { heldKeys, newestKey, type HeldKey } from '../zone/held-keys.js';
import type { Instant } from '../zone/instant.js';
import { keyHolder } from '../zone/key-holder.js';
import { keysInTokens, type KeyInToken } from '../zone/keys-in-tokens.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { tokenKeyOf } from '../zone/token-key.js';
import type { VerifiedBackup } from '../zone/verified-backup.js';
import type { Custody } from '../zone/zone.js';
import { proveBackup, type BackupToOpen } from './prove-backup.js';
import { recordEvent } from './record-event.js';

/** A backup that is to be made. */
export interface BackupPlan {
  /** The audit sequence that the plan was made on. */
  readonly basis: number;
  readonly at: Instant;
  /** Absolute path of the file. */
  readonly path: string;
  readonly zoneName: string;
  /** The generations of the CA whose keys go into it. */
  readonly generations: readonly number[];
  /** Those whose keys lie in a token: they cannot be in it. */
  readonly inToken: readonly KeyInToken[];
  /** The server with the CA role; null under an external CA. */
  readonly server: string | null;
  readonly members: number;
  /** Whether the passphrase of the CA is needed to prove the keys. */
  readonly asksCaPassphrase: boolean;
  /** Names of servers whose homes lie outside of the zone home: their sets are not in it. */
  readonly outside: readonly string[];
}

/** What opens it, and the keys in it. */
export type BackupSecrets = Pick<BackupToOpen, 'passphrase' | 'caPassphrase'>;

/**
 * Plans a backup; nothing is written. Throws `policy` when there is a file of that name already or it
 * would lie in the zone home.
 */
export async function planBackup(
  ctx: ReadContext,
  custody: Pick<CustodyContext, 'shelf'>,
  path: string,
  now: Instant,
): Promise<BackupPlan> {
  if (await custody.shelf.liesIn(path, ctx.zoneHome)) {
    throw new ZmintError('policy', `${path} lies in the zone home and would be lost with it`, {
      hint: 'name a file elsewhere, best on another disk',
    });
  }
  if (await custody.shelf.exists(path)) {
    throw new ZmintError('policy', `${path} is there already`, {
      hint: 'choose another name: a backup never replaces an earlier one',
      details: { path },
    });
  }
  const zone = await ctx.store.zone();
  const { inToken, inFiles, custody: lock, holder } = await findKeys(ctx);
  const [newest] = await ctx.store.lastEvents(1);
  const members = await ctx.store.members();
  return {
    basis: newest?.sequence ?? 0,
    at: now,
    path,
    zoneName: zone.name,
    generations: inFiles.map(({ generation }) => generation),
    inToken,
    server: holder?.name ?? null,
    members: members.length,
    asksCaPassphrase: lock === 'passphrase' && inFiles.length > 0,
    outside: members.flatMap(({ home, name }) =>
      home === null || home.startsWith(`${ctx.zoneHome}/`) ? [] : [name],
    ),
  };
}

/**
 * Makes the backup: copies the zone as it is, writes the file under a temporary name, reads it back
 * from disk and proves it; only then it gets its name and is recorded as verified. Throws what
 * `proveBackup` throws, `damaged` when a key file is missing, `storage`; then there is no such file.
 */
export async function executeBackup(
  ctx: OperationContext,
  custody: CustodyContext,
  plan: BackupPlan,
  secrets: BackupSecrets,
): Promise<VerifiedBackup> {
  const { files, manifest } = await gather(ctx, custody, plan);
  const sealed = await custody.box.seal(files, secrets.passphrase, plan.at);
  try {
    const bytes = await custody.shelf.write(plan.path, sealed);
    const proved = await proveBackup(custody, { ...secrets, name: plan.path, bytes });
    proved.reader.close();
    await custody.shelf.keep(plan.path);
    return await record(ctx, plan, { manifest, sha256: proved.sha256 });
  } catch (error) {
    await custody.shelf.drop(plan.path);
    throw error;
  }
}

async function gather(
  ctx: OperationContext,
  custody: CustodyContext,
  plan: BackupPlan,
): Promise<{ readonly files: BackupFiles; readonly manifest: BackupManifest }> {
  const zone = await ctx.store.zone();
  const { inFiles, holders } = await findKeys(ctx);
  const files = new Map<string, Uint8Array>(await custody.places.collect(ctx.zoneHome));
  // The first one last: what it has is what counts.
  for (const each of holders.toReversed()) {
    const home = serverHome(ctx.zoneHome, each);
    const own = await custody.places.collectAuthority(ctx.zoneHome, home);
    for (const [name, bytes] of own) files.set(name, bytes);
  }
  files.set(DATABASE, await custody.images.copy(ctx.zoneHome));
  const keys = inFiles.map(({ generation, spkiSha256, lies }) => ({
    generation,
    spkiSha256,
    file: requireKey(files, keyFileName(lies)),
  }));
  const head = await requireHead(ctx);
  const manifest: BackupManifest = {
    zoneId: zone.id,
    zoneName: zone.name,
    zoneHome: ctx.zoneHome,
    custody: zone.custody,
    server: holders[0]?.name ?? null,
    madeAt: plan.at,
    head,
    keys,
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, custody.digest.sha256(bytes)]),
    ),
  };
  const all = new Map([[MANIFEST, encodeUtf8(renderManifest(manifest))], ...files]);
  return { files: all, manifest };
}

/** The CA keys of the zone, where they are, and who holds them. */
interface FoundKeys extends Pick<BackupPlan, 'inToken'> {
  /** A key in a token cannot be copied: these can. */
  readonly inFiles: readonly HeldKey[];
  readonly custody: Custody;
  readonly holder: Member | undefined;
  /** The same, and then those that hold keys of former CAs, which revoke what these have issued. */
  readonly holders: readonly Member[];
}

async function findKeys(ctx: ReadContext): Promise<FoundKeys> {
  const requests = await ctx.store.authorityRequests();
  const tokenKeys = await ctx.store.tokenKeys();
  const authorities = await ctx.store.authorities();
  const held = heldKeys(authorities, requests);
  const { memberId, custody } = keyHolder(await ctx.store.zone(), requests);
  const holders = await caHolders(ctx, [memberId, ...formerHolders(authorities)]);
  return {
    inFiles: held.filter((one) => tokenKeyOf(tokenKeys, one) === undefined),
    inToken: keysInTokens(held, tokenKeys),
    custody,
    holder: holders.find(({ id }) => id === memberId),
    holders,
  };
}

function formerHolders(authorities: readonly Authority[]): readonly (string | null)[] {
  const former = authorities.filter(({ state }) => state !== 'cancelled');
  return former.toReversed().map(({ keyMemberId }) => keyMemberId);
}

/** Each once, in this order. */
async function caHolders(
  ctx: ReadContext,
  ids: readonly (string | null)[],
): Promise<readonly Member[]> {
  const known = [...new Set(ids.flatMap((id) => id ?? []))];
  const members = new Map((await ctx.store.membersById(known)).map((one) => [one.id, one]));
  return known.flatMap((id) => members.get(id) ?? []);
}

function requireKey(files: BackupFiles, name: string): string {
  if (files.has(name)) return name;
  throw new ZmintError('damaged', `the CA key ${name} is not there to be backed up`, {
    hint: 'zmint doctor',
    details: { file: name },
  });
}

async function requireHead(ctx: ReadContext): Promise<BackupManifest['head']> {
  const [newest] = await ctx.store.lastEvents(1);
  if (newest === undefined) throw new ZmintError('damaged', 'the zone has no audit log');
  return { sequence: newest.sequence, hash: newest.hash };
}

async function record(
  ctx: OperationContext,
  plan: BackupPlan,
  { manifest, sha256 }: { readonly manifest: BackupManifest; readonly sha256: string },
): Promise<VerifiedBackup> {
  const backup: VerifiedBackup = {
    sha256,
    path: plan.path,
    headSequence: manifest.head.sequence,
    headHash: manifest.head.hash,
    generation: newestKey(await ctx.store.authorities(), await ctx.store.authorityRequests()) ?? 0,
    madeAt: plan.at,
    verifiedAt: ctx.clock.now(),
  };
  const details = { path: plan.path, sha256, generations: plan.generations };
  const happening = { what: BACKUP_VERIFIED, at: plan.at, details };
  await recordEvent(ctx, happening, [{ type: 'put-backup', backup }]);
  return backup;
}
