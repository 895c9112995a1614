import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import type { Seconds } from '../zone/instant.js';
import { runBounded } from './run-bounded.js';
import { serveGroup, type GroupHands, type ReloadGroup, type Turn } from './serve-group.js';
import { switchMember, type SwitchJob } from './switch-member.js';

/** After so many links, some 25 ms, there is a moment in which an interrupt is heard. */
const LINKS_AT_A_STRETCH = 250;
const MOMENT: Seconds = 0.001;

/**
 * Switches members together: every link by one rename; one sync that makes them durable; then each
 * reload command once for all members that name it; then a look at each member until it shows its
 * set's certificate. Who fails is put back, the others go on. `hands.ended` is called once for each.
 *
 * Throws `storage` when the links cannot be made durable (I-16, I-17): they then point to where
 * they did before, nothing has been reloaded, and no member has ended.
 */
export async function switchWave(
  ctx: OperationContext,
  jobs: readonly SwitchJob[],
  hands: GroupHands,
): Promise<void> {
  const homes = ctx.homes.deferred();
  const turns: Turn[] = [];
  const undo: Undo[] = [];
  for (const [index, job] of jobs.entries()) {
    const done = await trySwitch(homes, job);
    if (done instanceof ZmintError) turns.push({ job, failure: done });
    else {
      turns.push({ job, failure: undefined });
      undo.push(done);
    }
    if (index % LINKS_AT_A_STRETCH === LINKS_AT_A_STRETCH - 1) await ctx.clock.sleep(MOMENT);
  }
  try {
    await homes.flush();
  } catch (error) {
    await undoAll(ctx, undo);
    throw error;
  }
  const groups = groupByCommand(turns);
  await runBounded(groups, groups.length, (group) => serveGroup(ctx, group, hands));
}

type Undo = (homes: MemberHomes) => Promise<void>;

async function trySwitch(homes: MemberHomes, job: SwitchJob): Promise<Undo | ZmintError> {
  try {
    return await switchMember(homes, job);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return error;
    throw error;
  }
}

/** As far as the disk allows: why it failed in the first place is what the caller is told. */
async function undoAll(ctx: OperationContext, undo: readonly Undo[]): Promise<void> {
  const homes = ctx.homes.deferred();
  for (const one of undo) {
    try {
      await one(homes);
    } catch (error) {
      if (!(error instanceof ZmintError)) throw error;
    }
  }
}

/** Only equal texts are one command; a member without any is a group by itself. */
function groupByCommand(turns: readonly Turn[]): readonly ReloadGroup[] {
  const alone: ReloadGroup[] = [];
  const groups = new Map<string, Turn[]>();
  for (const turn of turns) {
    const command = turn.job.member.reload;
    const group = command === null ? undefined : groups.get(command);
    if (command === null) alone.push({ command, turns: [turn] });
    else if (group === undefined) groups.set(command, [turn]);
    else group.push(turn);
  }
  return [...[...groups].map(([command, its]) => ({ command, turns: its })), ...alone];
}
