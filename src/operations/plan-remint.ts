import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { RepoFiles } from '../ports/member-homes.js';
import { decideRemint, draftRemint, tallyBatch } from '../zone/decide-remint.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { findServer } from '../zone/member-path.js';
import type { PlannedBackup, RemintPlan, RemintRequest } from '../zone/remint-plan.js';
import { RemintTally } from '../zone/remint-tally.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { activeAuthority, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { renderBackup } from '../zone/render-backup.js';
import { findMembers } from './find-members.js';
import { readBackupStanding } from './read-backup-standing.js';
import { readBase } from './read-snapshot.js';
import { remintBatches } from './remint-batches.js';
import { restedRepo } from './rested-repo.js';

/**
 * Plans a remint; nothing is written. Undefined: nothing is due. Throws what `decideRemint` throws,
 * and `no-zone`.
 */
export async function planRemint(
  ctx: ReadContext,
  request: RemintRequest,
  now: Instant,
): Promise<RemintPlan | undefined> {
  const base = await readBase(ctx, now);
  const placed = request.ca ? new Set<string>() : await placedByHand(ctx, request);
  const draft = draftRemint(base, await withToken(ctx, base, request), placed);
  const tally = new RemintTally(draft.authority?.validity.notAfter ?? draft.ca.notAfter);
  const needs = { certificates: true, sets: false };
  for await (const batch of remintBatches(ctx, base, draft, needs)) tallyBatch(tally, batch, draft);
  const plan = decideRemint(base, draft, tally.sums());
  if (plan === undefined || request.freshBackup !== true) return plan;
  return { ...plan, backup: await plannedBackup(ctx, now) };
}

async function plannedBackup(ctx: ReadContext, now: Instant): Promise<PlannedBackup> {
  const facts = await readBackupStanding(ctx, now);
  const suffices = facts.standing === 'fresh' || facts.standing === 'no-key';
  return { words: renderBackup(facts), suffices };
}

/** Where nothing else was asked for, the next key comes beside that of today. */
async function withToken(
  ctx: ReadContext,
  base: ZoneSnapshot,
  request: RemintRequest,
): Promise<RemintRequest> {
  const active = activeAuthority(base);
  if (!request.ca || request.token !== undefined || active === undefined) return request;
  const key = tokenKeyOf(await ctx.store.tokenKeys(), active);
  return key === undefined ? request : { ...request, token: { uri: key.uri, kind: 'beside' } };
}

/**
 * Only servers that were named can have their placed sets taken: `--all` and `--due` mint. A set
 * that is still being placed is waited for. Throws `unreadable` when half of it is missing, `policy`
 * when it changes again and again.
 */
async function placedByHand(
  ctx: ReadContext,
  request: RemintRequest,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const member of await findMembers(ctx, request.servers, findServer)) {
    const repo = await restedRepo(ctx, member);
    if (repo !== undefined) found.add(refuseHalf(member, repo).id);
  }
  return found;
}

function refuseHalf(member: Member, repo: RepoFiles): Member {
  if (repo.key !== undefined && repo.certificates.length > 0) return member;
  const missing = repo.key === undefined ? 'key.der' : 'server.cer';
  throw new ZmintError(
    'unreadable',
    `the remint-repo of ${member.name} holds a set without ${missing}`,
    {
      hint: `place ${missing} there too, or empty the folder`,
    },
  );
}
