import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { ReloadResult } from '../ports/services.js';
import type { Seconds } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Evidence } from '../zone/operation-terms.js';
import { lookAtServer } from './look-at-server.js';

const RELOAD_WITHIN: Seconds = 60;
const SHOWN_WITHIN: Seconds = 15;

/** How a server was seen after it was told to read its files. */
export type Served =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly error: ZmintError };

/** One server whose `live` is to point to a set; `back`: where it points to when that fails. */
export interface ServeJob {
  readonly member: Member;
  readonly home: string;
  readonly to: MemberSet;
  readonly back: MemberSet | undefined;
}

/**
 * Points `live` of one server to a set by one rename, then as `serveAgain`. When that fails, `live`
 * is put back and the server reloaded. Repeating it is harmless. Never throws but `bug`.
 */
export async function serveSet(ctx: OperationContext, job: ServeJob): Promise<Served> {
  const { member, home, to, back } = job;
  const served = await attempt(async () => {
    await ctx.homes.switchLive(home, to.number);
    return tellAndLook(ctx, member, to);
  });
  if (served.ok || back === undefined) return served;
  const undone = await attempt(async () => {
    await ctx.homes.switchLive(home, back.number);
    await tell(ctx, member);
    return 'files';
  });
  const { code, message, hint, details } = served.error;
  const after = undone.ok
    ? 'the set from before is live again'
    : `going back failed too: ${undone.error.message}`;
  const error = new ZmintError(code, `${message}; ${after}`, {
    ...(hint === undefined ? {} : { hint }),
    details,
    cause: served.error,
  });
  return { ok: false, error };
}

/** Reloads a server and looks until it shows its set; where it has no probe address, its files count. */
export function serveAgain(
  ctx: OperationContext,
  member: Member,
  live: MemberSet,
): Promise<Served> {
  return attempt(() => tellAndLook(ctx, member, live));
}

async function attempt(work: () => Promise<Evidence>): Promise<Served> {
  try {
    return { ok: true, evidence: await work() };
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return { ok: false, error };
    throw error;
  }
}

async function tellAndLook(
  ctx: OperationContext,
  member: Member,
  set: MemberSet,
): Promise<Evidence> {
  await tell(ctx, member);
  if (set.leaf === null || member.probe === null) return 'files';
  await lookAtServer(ctx, member, { expected: [set.leaf, ...set.chain], limit: SHOWN_WITHIN });
  return 'handshake';
}

async function tell(ctx: OperationContext, { name, reload }: Member): Promise<void> {
  if (reload === null) return;
  const result = await ctx.services.reload(reload, RELOAD_WITHIN);
  if (result.exitCode === 0) return;
  throw new ZmintError('reload-failed', `the reload command of ${name} ${endOf(result)}`, {
    hint: `zmint server show ${name}`,
  });
}

function endOf({ exitCode, timedOut, output }: ReloadResult): string {
  const said = output.trim() === '' ? '' : `: ${output.trim()}`;
  if (timedOut) return `did not end within ${RELOAD_WITHIN} seconds${said}`;
  return `ended with ${exitCode === null ? 'a signal' : `status ${exitCode}`}${said}`;
}
