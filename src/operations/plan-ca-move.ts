import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CaMove } from '../zone/ca-move.js';
import {
  movingKeys,
  refuseHolder,
  refuseUnsettled,
  type MovingKey,
} from '../zone/decide-ca-move.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { refuseWhileAwaited } from '../zone/refuse-awaited.js';
import type { Operation } from '../zone/operation.js';
import type { Custody } from '../zone/zone.js';
import { caOperation, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { findMembers } from './find-members.js';
import { readBackupStanding, type BackupFacts } from './read-backup-standing.js';
import { readBase } from './read-snapshot.js';
import { requireFreshBackup } from './require-fresh-backup.js';

/** What a person asked of a move of the CA role. */
export interface CaMoveRequest {
  /** Any unambiguous tail of the path of the server that is to hold it. */
  readonly server: string;
  /** Whether to refuse without a verified backup that is young enough. */
  readonly backupCheck: boolean;
}

/** A move of the CA role, decided but not begun. */
export interface CaMovePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly from: Member;
  readonly to: Member;
  /** Absolute folders. */
  readonly fromHome: string;
  readonly toHome: string;
  /** The keys that travel, and those that stay in their token; none when the server has the role and only leftovers are to be removed. */
  readonly keys: readonly MovingKey[];
  readonly custody: Custody;
  /** The CA operation that goes on afterwards. */
  readonly operation: Operation | null;
  readonly backup: BackupFacts;
  readonly backupCheck: boolean;
  /** A move that was interrupted; it is settled first. */
  readonly unfinished: CaMove | null;
}

/**
 * Plans the move of the CA role to a server; nothing is written. Undefined when that server has it
 * already and nothing of an earlier move is left. Throws `unknown-member`, `ambiguous-member`,
 * `policy` for a member that may not have it, in a zone with an external CA, and without the backup
 * that is asked for, `operation-pending`, and `damaged` when the home of either server is not what is recorded of it.
 */
export async function planCaMove(
  ctx: ReadContext,
  { server, backupCheck }: CaMoveRequest,
  now: Instant,
): Promise<CaMovePlan | undefined> {
  const base = await readBase(ctx, now);
  const [to] = await findMembers(ctx, [server]);
  if (to === undefined) throw new ZmintError('bug', 'a member was found and is not there');
  refuseHolder(base, to);
  const from = await holderOf(ctx, base);
  const unfinished = (await ctx.store.caMove()) ?? null;
  const stays = from.id === to.id;
  if (stays && unfinished === null) return undefined;
  if (!stays) {
    refuseWhileAwaited(base);
    refuseUnsettled(base);
    await requireHome(ctx, to);
    if (backupCheck) await requireFreshBackup(ctx, now);
  }
  return {
    basis: base.sequence,
    at: now,
    from,
    to,
    fromHome: serverHome(ctx.zoneHome, from),
    toHome: serverHome(ctx.zoneHome, to),
    keys: stays ? [] : movingKeys(base, from.id, await ctx.store.tokenKeys()),
    custody: base.zone.custody,
    operation: caOperation(base) ?? null,
    backup: await readBackupStanding(ctx, now),
    backupCheck,
    unfinished,
  };
}

async function holderOf(ctx: ReadContext, { zone }: ZoneSnapshot): Promise<Member> {
  const [holder] = await ctx.store.membersById([zone.caMemberId ?? '']);
  if (holder !== undefined) return holder;
  throw new ZmintError('damaged', 'the CA role is held by no server', { hint: 'zmint doctor' });
}

/** A key that is written below a mount point whose disk is missing would not be seen again. */
async function requireHome(ctx: ReadContext, to: Member): Promise<void> {
  const home = serverHome(ctx.zoneHome, to);
  const live = (await ctx.store.setsOf([to.id])).find(({ state }) => state === 'live');
  if (live === undefined || (await ctx.homes.live(home)) === live.number) return;
  throw new ZmintError('damaged', `${home} does not hold the certificate that ${to.name} uses`, {
    hint: 'look whether its disk is mounted; zmint doctor tells more',
    details: { path: home, member: to.path },
  });
}
