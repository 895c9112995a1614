import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Seconds } from '../zone/instant.js';
import { lookAtServer } from './look-at-server.js';
import { putBack } from './put-back.js';
import { reloadServers, type ReloadFailure } from './reload-servers.js';
import { runBounded } from './run-bounded.js';
import type { Slots } from './slots.js';
import type { SwitchJob, SwitchOutcome } from './switch-member.js';
import type { WaitWatch } from './wait-watch.js';

/** A server is given so long to show the new certificate after its reload. */
const LOOK_LIMIT: Seconds = 15;

/** Members whose links were switched and that name the same reload command, or one without any. */
export interface ReloadGroup {
  readonly command: string | null;
  readonly turns: readonly Turn[];
}

export interface Turn {
  readonly job: SwitchJob;
  /** Why its link could not be switched. */
  readonly failure: ZmintError | undefined;
}

/** What the groups of a wave share. */
export interface GroupHands {
  /** For reload commands. */
  readonly reloads: Slots;
  readonly watch: WaitWatch;
  /** Called once for each member, as soon as its outcome is known. */
  readonly ended: (job: SwitchJob, outcome: SwitchOutcome) => void;
}

/**
 * Reloads a group once and looks at each of its members until it shows its set's certificate. Who
 * fails is put back at once, and the group's command is run once more for all of these together:
 * for the whole group when the command itself failed, for those whose look failed otherwise. Throws
 * `storage` when it is not certain that the links that were put back stay so.
 */
export async function serveGroup(
  ctx: OperationContext,
  group: ReloadGroup,
  hands: GroupHands,
): Promise<void> {
  const { command, turns } = group;
  const refused = await reload(ctx, group, hands);
  const failures = await runBounded(turns, turns.length, async ({ job, failure }) => {
    return failure ?? refused?.(job.member) ?? (await look(ctx, job, hands));
  });
  const jobs = turns.map(({ job }) => job).filter((_, index) => failures[index] !== undefined);
  if (jobs.length === 0) return;
  const notes = await putBack(ctx, { command, jobs }, hands);
  const reasons = failures.filter((failure) => failure !== undefined);
  for (const [index, job] of jobs.entries()) {
    const reason = reasons[index];
    if (reason === undefined) continue;
    const message = `${reason.message}${notes[index] ?? ''}`;
    hands.ended(job, { ok: false, code: reason.code, message });
  }
}

async function reload(
  ctx: OperationContext,
  { command, turns }: ReloadGroup,
  { reloads, watch }: GroupHands,
): Promise<ReloadFailure | undefined> {
  const switched = turns.filter(({ failure }) => failure === undefined);
  const servers = switched.map(({ job }) => job.member);
  if (command === null || servers.length === 0) return undefined;
  const names = servers.map(({ name }) => name);
  return reloads(() => watch.during('reload', names, () => reloadServers(ctx, command, servers)));
}

/** Undefined: the member has taken its set. */
async function look(
  ctx: OperationContext,
  job: SwitchJob,
  { watch, ended }: GroupHands,
): Promise<ZmintError | undefined> {
  const { member, to } = job;
  const expected = to.leaf === null || member.probe === null ? undefined : [to.leaf, ...to.chain];
  try {
    if (expected !== undefined)
      await watch.during('handshake', [member.name], () =>
        lookAtServer(ctx, member, { expected, limit: LOOK_LIMIT }),
      );
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return error;
    throw error;
  }
  ended(job, { ok: true, evidence: expected === undefined ? 'files' : 'handshake' });
  return undefined;
}
