import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Seconds } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Evidence } from '../zone/operation-terms.js';
import { lookAtServer } from './look-at-server.js';

/** A reload command may take so long. */
const RELOAD_LIMIT: Seconds = 60;

/** A server is given so long to show the new certificate after its reload. */
const LOOK_LIMIT: Seconds = 15;

/** One member's switch: which set `live` is to point to, and which one it goes back to if that fails. */
export interface SwitchJob {
  readonly member: Member;
  readonly home: string;
  readonly to: MemberSet;
  readonly back: MemberSet | undefined;
}

export type SwitchOutcome =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Points `live` to a set by one rename, reloads the server, and looks from outside until it shows
 * the set's certificate. When it does not, `live` is put back, the server reloaded again, and the
 * reason returned. Repeating it is harmless.
 */
export async function switchMember(ctx: OperationContext, job: SwitchJob): Promise<SwitchOutcome> {
  try {
    const { live } = await ctx.homes.observe(job.home);
    if (live !== job.to.number) await ctx.homes.switchLive(job.home, job.to.number);
    await reload(ctx, job.member);
    const evidence = await look(ctx, job);
    return { ok: true, evidence };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return { ok: false, code: error.code, message: `${error.message}${await putBack(ctx, job)}` };
  }
}

async function reload(ctx: OperationContext, member: Member): Promise<void> {
  if (member.reload === null) return;
  const result = await ctx.services.reload(member.reload, RELOAD_LIMIT);
  if (result.exitCode === 0) return;
  const how = result.timedOut
    ? `did not end within ${RELOAD_LIMIT} seconds`
    : `ended with ${result.exitCode === null ? 'a signal' : `status ${result.exitCode}`}`;
  const output = result.output.trim();
  throw new ZmintError(
    'reload-failed',
    `the reload command of ${member.name} ${how}${output === '' ? '' : `: ${output}`}`,
    {
      hint: `zmint server show ${member.name}`,
    },
  );
}

async function look(ctx: OperationContext, job: SwitchJob): Promise<Evidence> {
  const { leaf } = job.to;
  if (leaf === null || job.member.probe === null) return 'files';
  const expected: readonly Fingerprint[] = [leaf, ...job.to.chain];
  await lookAtServer(ctx, job.member, { expected, limit: LOOK_LIMIT });
  return 'handshake';
}

/** Returns what to add to the error message. */
async function putBack(ctx: OperationContext, job: SwitchJob): Promise<string> {
  if (job.back === undefined) return '';
  try {
    const { live } = await ctx.homes.observe(job.home);
    if (live === job.back.number) return '';
    await ctx.homes.switchLive(job.home, job.back.number);
    await reload(ctx, job.member);
    return '; the set from before is live again';
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    return `; going back failed too: ${error.message}`;
  }
}
