import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { activationOrder } from '../zone/activation-order.js';
import type { Instant } from '../zone/instant.js';
import { findServer } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import { liveSet, servers } from '../zone/zone-snapshot.js';
import { findMembers } from './find-members.js';
import { readAround } from './read-around.js';
import { readBase, readSnapshot } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { serveAgain, type Served } from './serve-set.js';

/** A server that is to read its files again. */
export interface RestartedServer {
  readonly member: Member;
  readonly live: MemberSet;
}

export interface RestartPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly servers: readonly RestartedServer[];
}

export interface RestartOutcome {
  readonly member: Member;
  readonly outcome: Served;
}

/**
 * Plans to reload servers: those that were named, or all that have a reload command. Throws
 * `unknown-member`, and `not-found` when there is nothing to reload.
 */
export async function planRestart(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<RestartPlan> {
  const found = await findMembers(ctx, words, findServer);
  const named = new Set(found.map(({ id }) => id));
  const snapshot =
    found.length === 0
      ? await readSnapshot(ctx, now)
      : await readAround(ctx, await readBase(ctx, now), await ctx.store.membersById([...named]));
  const order = (member: Member): number => activationOrder(member, snapshot.zone.caMemberId);
  const chosen = servers(snapshot)
    .filter((member) => (named.size === 0 ? member.reload !== null : named.has(member.id)))
    .sort((a, b) => order(a) - order(b))
    .flatMap((member) => {
      const live = liveSet(snapshot, member.id);
      return live === undefined ? [] : [{ member, live }];
    });
  const mute = chosen.find(({ member }) => member.reload === null)?.member;
  if (mute !== undefined) throw nothingToReload(`${mute.name} has no reload command`, mute.name);
  if (chosen.length === 0) throw nothingToReload('no server has a reload command', 'SERVER');
  return { basis: snapshot.sequence, at: now, servers: chosen };
}

/** Reloads one server after the other and looks at each; a failure does not stop the rest. */
export async function executeRestart(
  ctx: OperationContext,
  plan: RestartPlan,
): Promise<readonly RestartOutcome[]> {
  const outcomes: RestartOutcome[] = [];
  ctx.progress.report({ type: 'begin', step: 'reload', total: plan.servers.length });
  for (const { member, live } of plan.servers) {
    const outcome = await serveAgain(ctx, member, live);
    outcomes.push({ member, outcome });
    ctx.progress.report({ type: 'advance', step: 'reload', done: outcomes.length });
  }
  ctx.progress.report({ type: 'end', step: 'reload' });
  const details = {
    members: outcomes.map(({ member, outcome }) => ({
      member: member.name,
      ...(outcome.ok ? { evidence: outcome.evidence } : { problem: outcome.error.code }),
    })),
  };
  await recordEvent(ctx, { what: 'services-restarted', at: plan.at, details }, []);
  return outcomes;
}

function nothingToReload(message: string, name: string): ZmintError {
  return new ZmintError('not-found', message, {
    hint: `zmint server set ${name} --reload COMMAND`,
  });
}
