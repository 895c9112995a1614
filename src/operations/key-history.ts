import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { Member } from '../zone/member.js';

/** Throws `policy` when the certificate or its key is that of another server of the zone (I-5). */
export async function refuseSharedKey(
  ctx: ReadContext,
  member: Member,
  leaf: Certificate,
): Promise<void> {
  const spki = ctx.digest.sha256(leaf.spki);
  const sharing = await ctx.store.certificatesWithKey(spki);
  const other = sharing.find((one) => one.memberId !== member.id);
  if (other === undefined) return;
  throw new ZmintError('policy', `this key is that of another server (${other.subject})`, {
    hint: 'make a key of its own for each server',
  });
}
