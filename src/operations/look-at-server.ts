import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Seconds } from '../zone/instant.js';
import type { Member } from '../zone/member.js';

const LOOK_TIMEOUT: Seconds = 5;
const PAUSES: readonly Seconds[] = [0.05, 0.1, 0.2, 0.5];

export interface Expectation {
  /** SHA-256 of the server's own certificate, then of what must be sent with it. */
  readonly expected: readonly Fingerprint[];
  /** How long to try; 0: one look. */
  readonly limit: Seconds;
}

/**
 * Looks at a server from outside until it shows the expected certificates. Throws `unreachable`
 * with the reason of the last try, or `served-differs` with what it shows instead.
 */
export async function lookAtServer(
  ctx: ReadContext,
  member: Member,
  expectation: Expectation,
): Promise<void> {
  let waited = 0;
  for (let attempt = 0; ; attempt += 1) {
    const problem = await tryOnce(ctx, member, expectation.expected);
    if (problem === undefined) return;
    if (waited >= expectation.limit) throw problem;
    const pause = PAUSES[attempt] ?? 1;
    await ctx.clock.sleep(pause);
    waited +=
      pause +
      (problem.code === 'unreachable' && problem.details.reason === 'timeout' ? LOOK_TIMEOUT : 0);
  }
}

async function tryOnce(
  ctx: ReadContext,
  member: Member,
  expected: readonly Fingerprint[],
): Promise<ZmintError | undefined> {
  try {
    const { chain } = await ctx.network.look(
      member.probe ?? '',
      member.dnsName ?? member.name,
      LOOK_TIMEOUT,
    );
    const served = chain.map((der) => ctx.digest.sha256(der));
    return difference(member, expected, served);
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'unreachable') return error;
    throw error;
  }
}

function difference(
  member: Member,
  expected: readonly Fingerprint[],
  served: readonly Fingerprint[],
): ZmintError | undefined {
  const [leaf, ...chain] = expected;
  const details = { expected, served };
  const hint = `zmint ssl verify ${member.name}`;
  if (served[0] !== leaf) {
    const shown = served[0]?.slice(0, 16) ?? 'nothing';
    const message = `${member.name} shows the certificate ${shown}… and not ${leaf?.slice(0, 16) ?? ''}…`;
    return new ZmintError('served-differs', message, { hint, details });
  }
  const missing = chain.filter((one) => !served.includes(one));
  if (missing.length === 0) return undefined;
  const message = `${member.name} shows its certificate but does not send the cross-certificate behind it`;
  return new ZmintError('served-differs', message, { hint, details });
}
