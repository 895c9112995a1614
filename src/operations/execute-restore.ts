import { ZmintError } from '../errors.js';
import type { BackupFiles } from '../ports/backup-box.js';
import type { CustodyContext } from '../ports/context.js';
import { AUTHORITY } from '../zone/backup-entry.js';
import { MANIFEST } from '../zone/backup-manifest.js';
import { serverHome } from '../zone/member-home.js';
import { shellWord } from '../zone/shell-word.js';
import { rebaseHome } from '../zone/rebase-home.js';
import type { Forgotten } from './carry-over.js';
import { compareWithPresent } from './compare-with-present.js';
import type { RestorePlan } from './plan-restore.js';
import type { ProvedBackup } from './prove-backup.js';
import { recordRestore } from './record-restore.js';

/** What a restore has done. */
export interface RestoreReport {
  /** Where the zone of before is; null: there was none. */
  readonly aside: string | null;
  /** `already`: the zone was restored from this backup before, and nothing has happened since. */
  readonly outcome: 'restored' | 'finished' | 'already';
  /** What the zone of before did since the backup and this run could not read there. */
  readonly forgotten: readonly Forgotten[];
}

/**
 * Restores a proved backup: makes the whole zone home ready in a folder beside it, records the restore
 * there, and puts it into place by renames; what was there is set aside whole. Throws `busy`,
 * `plan-outdated`, `policy` for other CA keys in a home outside of the zone home, `storage`; then
 * what was there is as it was.
 */
export async function executeRestore(
  ctx: CustodyContext,
  proved: ProvedBackup,
  plan: RestorePlan,
): Promise<RestoreReport> {
  const { zoneHome } = plan.request;
  if (plan.present.lineage === 'restored')
    return { aside: null, outcome: 'already', forgotten: [] };
  if (plan.unfinished !== null) {
    await ctx.places.swapIn(zoneHome, plan.unfinished);
    return { aside: plan.unfinished.aside, outcome: 'finished', forgotten: [] };
  }
  const lock = plan.place === 'zone' ? await ctx.images.lock(zoneHome) : undefined;
  try {
    await requireSame(ctx, proved, plan);
    const forgotten = await stageZone(ctx, proved, plan);
    const staged = { sha256: plan.sha256, server: plan.server?.name ?? null, aside: plan.aside };
    await ctx.places.markStaged(zoneHome, staged);
    await ctx.places.swapIn(zoneHome, staged);
    return { aside: plan.aside, outcome: 'restored', forgotten };
  } finally {
    lock?.close();
  }
}

/** Under the lock nobody writes any more. */
async function requireSame(
  ctx: CustodyContext,
  proved: ProvedBackup,
  { request, place, present, server }: RestorePlan,
): Promise<void> {
  const { zoneHome } = request;
  const now = await compareWithPresent(ctx, proved, {
    zoneHome,
    place,
    server: server?.name ?? null,
  });
  if (now.lineage === present.lineage && now.sequence === present.sequence) return;
  throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
    hint: 'type the command again to see the new plan',
  });
}

async function stageZone(
  ctx: CustodyContext,
  proved: ProvedBackup,
  plan: RestorePlan,
): Promise<readonly Forgotten[]> {
  const { zoneHome } = plan.request;
  const home = homeOf(plan);
  const own = [...proved.files].filter(([name]) => name !== MANIFEST && !isAuthority(name));
  const keys = new Map([...proved.files].filter(([name]) => isAuthority(name)));
  const inside = home?.startsWith(`${zoneHome}/`) === true;
  const within = inside ? home.slice(zoneHome.length + 1) : '';
  const files: BackupFiles = new Map([
    ...own,
    ...(inside ? [...keys].map(([name, bytes]) => [`${within}/${name}`, bytes] as const) : []),
  ]);
  try {
    const folder = await ctx.places.stage(zoneHome, files);
    const forgotten = await recordRestore(ctx, plan, folder);
    if (!inside && home !== null && keys.size > 0)
      await ctx.places.addAuthority(zoneHome, home, keys);
    return forgotten;
  } catch (error) {
    await dropQuietly(ctx, zoneHome);
    throw besideZone(error, zoneHome);
  }
}

/** A full disk is not to stay full of it. Why the restore failed is what is told. */
async function dropQuietly(ctx: CustodyContext, zoneHome: string): Promise<void> {
  try {
    await ctx.places.dropStaged(zoneHome);
  } catch {
    // The next restore removes it.
  }
}

/** The hint of an error of the disk names a folder that is gone by now. */
function besideZone(error: unknown, zoneHome: string): unknown {
  if (!(error instanceof ZmintError) || error.code !== 'storage') return error;
  const parent = shellWord(zoneHome.slice(0, zoneHome.lastIndexOf('/')) || '/');
  return new ZmintError('storage', error.message, {
    hint: `df -h ${parent}; findmnt -T ${parent}`,
    details: error.details,
    cause: error,
  });
}

/** Where the home of the server with the CA role will be. */
function homeOf({ server, request, manifest }: RestorePlan): string | null {
  if (server === null) return null;
  const { zoneHome } = request;
  const { home } = server;
  const rebased = home === null ? null : rebaseHome(home, manifest.zoneHome, zoneHome);
  return serverHome(zoneHome, { ...server, home: rebased });
}

function isAuthority(name: string): boolean {
  return name.startsWith(`${AUTHORITY}/`);
}
