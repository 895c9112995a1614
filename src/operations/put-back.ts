import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import { reloadServers } from './reload-servers.js';
import type { Slots } from './slots.js';
import type { SwitchJob } from './switch-member.js';
import type { WaitWatch } from './wait-watch.js';

/** Members that did not take their set and name the same reload command, or one without any. */
interface Failed {
  readonly command: string | null;
  readonly jobs: readonly SwitchJob[];
}

/**
 * Points the links of members to the sets from before, makes that durable, and reloads them by one
 * run of their command. Returns for each what is to be added to the message of its failure. Throws
 * `storage` when the links could not be made durable.
 */
export async function putBack(
  ctx: OperationContext,
  { command, jobs }: Failed,
  hands: { readonly reloads: Slots; readonly watch: WaitWatch },
): Promise<readonly string[]> {
  // Other groups put their own members back meanwhile: each flush must be sure of its own links.
  const homes = ctx.homes.deferred();
  const moves: (boolean | ZmintError)[] = [];
  for (const job of jobs) moves.push(await moveBack(homes, job));
  const servers = jobs.filter((_, index) => moves[index] === true).map((job) => job.member);
  if (servers.length > 0) await homes.flush();
  const names = servers.map((server) => server.name);
  const refused =
    command === null || servers.length === 0
      ? undefined
      : await hands.reloads(() =>
          hands.watch.during('reload', names, () => reloadServers(ctx, command, servers)),
        );
  return jobs.map((job, index) => {
    const moved = moves[index];
    const trouble = moved === true ? refused?.(job.member) : moved;
    if (trouble instanceof ZmintError) return `; going back failed too: ${trouble.message}`;
    return moved === true ? '; the set from before is live again' : '';
  });
}

/** Whether the link had to be moved; or why it could not be. */
async function moveBack(homes: MemberHomes, job: SwitchJob): Promise<boolean | ZmintError> {
  if (job.back === undefined) return false;
  try {
    const live = await homes.live(job.home);
    if (live === job.back.number) return false;
    await homes.switchLive(job.home, job.back.number);
    return true;
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return error;
    throw error;
  }
}
