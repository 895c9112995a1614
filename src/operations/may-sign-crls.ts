import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { Authority } from '../zone/authority.js';

/** Whether those who check a CRL take one of this CA (RFC 5280 §4.2.1.3); the CA above it decides. */
export function maySignCrls({ keyUsage }: Pick<Certificate, 'keyUsage'>): boolean {
  return keyUsage?.includes('cRLSign') ?? true;
}

/** Throws `policy` for a CA whose lists nobody would take: what it revokes would stay accepted. */
export async function requireCrlSigner(
  ctx: Pick<ReadContext, 'store'>,
  authority: Authority,
): Promise<void> {
  const [der = new Uint8Array()] = await ctx.store.der([authority.certificate]);
  const certificate = parseCertificate(der);
  if (!maySignCrls(certificate)) throw cannotSign(certificate);
}

/** The error `policy` for such a CA. */
export function cannotSign({ subject }: Pick<Certificate, 'subject'>): ZmintError {
  return new ZmintError('policy', `${subject.text} may not sign CRLs by its key usage`, {
    hint: 'zmint ssl remint --ca requests its successor: have it signed with cRLSign',
  });
}
