import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { Authority } from '../zone/authority.js';
import type { SetContent } from '../zone/operation-content.js';
import type { Bundle } from './server-job.js';

/** The bytes that a batch of servers is minted with. Throws `damaged` when the repository lacks one. */
export async function mintingMaterial(
  ctx: ReadContext,
  authority: Authority,
  content: SetContent,
): Promise<{ readonly issuer: Certificate; readonly chain: Bundle; readonly trust: Bundle }> {
  const [der] = await ctx.store.der([authority.certificate]);
  if (der === undefined) {
    throw new ZmintError('damaged', 'the CA certificate is missing', { hint: 'zmint doctor' });
  }
  return {
    issuer: parseCertificate(der),
    chain: { fingerprints: content.chain, ders: await ctx.store.der(content.chain) },
    trust: { fingerprints: content.trust, ders: await ctx.store.der(content.trust) },
  };
}
