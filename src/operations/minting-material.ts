import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import type { Authority } from '../zone/authority.js';
import type { SetContent } from '../zone/operation-content.js';
import { issuerExtensions } from './issuer-extensions.js';
import type { Bundle } from './server-job.js';

/** What the servers of a batch have in common. */
export interface MintingMaterial {
  readonly issuer: Certificate;
  /** What the settings put into every certificate. */
  readonly extensions: readonly Extension[];
  readonly chain: Bundle;
  readonly trust: Bundle;
}

/** The bytes that a batch of servers is minted with. Throws `damaged` when the repository lacks one, `unreadable` for a settings file that is not as it must be. */
export async function mintingMaterial(
  ctx: ReadContext,
  authority: Authority,
  content: SetContent,
): Promise<MintingMaterial> {
  const [der] = await ctx.store.der([authority.certificate]);
  if (der === undefined) {
    throw new ZmintError('damaged', 'the CA certificate is missing', { hint: 'zmint doctor' });
  }
  return {
    issuer: parseCertificate(der),
    extensions: await issuerExtensions(ctx, await ctx.store.authorities(), authority),
    chain: { fingerprints: content.chain, ders: await ctx.store.der(content.chain) },
    trust: { fingerprints: content.trust, ders: await ctx.store.der(content.trust) },
  };
}
