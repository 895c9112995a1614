import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';

/** Throws `policy` when one of the certificates that servers are to go back to was revoked. */
export async function refuseRevoked(
  ctx: Pick<ReadContext, 'store'>,
  leaves: readonly Fingerprint[],
): Promise<void> {
  const [revoked] = await ctx.store.revocationsNamed(leaves);
  if (revoked === undefined) return;
  const record = await ctx.store.certificate(revoked.fingerprint);
  throw new ZmintError(
    'policy',
    `the certificate to go back to, ${record?.subject ?? revoked.fingerprint}, was revoked for ${revoked.reason}`,
    { hint: 'zmint ssl remint --all', details: { fingerprint: revoked.fingerprint } },
  );
}
