import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { ReloadResult } from '../ports/services.js';
import type { Seconds } from '../zone/instant.js';
import type { Member } from '../zone/member.js';

/** A reload command may take so long. */
const RELOAD_LIMIT: Seconds = 60;

/** Makes an error `reload-failed` for one of the servers that a command was run for. */
export type ReloadFailure = (member: Member) => ZmintError;

/**
 * Runs a reload command once for all servers that name it. Undefined: it worked; else what is to be
 * said of each of them.
 */
export async function reloadServers(
  ctx: OperationContext,
  command: string,
  servers: readonly Member[],
): Promise<ReloadFailure | undefined> {
  const result = await ctx.services.reload(command, RELOAD_LIMIT);
  if (result.exitCode === 0) return undefined;
  const shared = servers.length > 1 ? `, run once for ${servers.length} servers,` : '';
  const how = howItEnded(result);
  return ({ name }) =>
    new ZmintError('reload-failed', `the reload command of ${name}${shared} ${how}`, {
      hint: `zmint server show ${name}`,
    });
}

function howItEnded(result: ReloadResult): string {
  const end = result.exitCode === null ? 'a signal' : `status ${result.exitCode}`;
  const how = result.timedOut ? `did not end within ${RELOAD_LIMIT} seconds` : `ended with ${end}`;
  const output = result.output.trim();
  return output === '' ? how : `${how}: ${output}`;
}
