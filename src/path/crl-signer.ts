import type { Certificate } from '../x509/certificate.js';
import type { CertificateList } from '../x509/certificate-list.js';
import { sameCertificate, sameEntity } from './identity.js';
import type { FindSigner } from './judge-revocation.js';
import type { Pool } from './pool.js';
import type { Work } from './work.js';

/** What the search for the signer of a CRL needs. */
export interface SignerInput {
  readonly pool: Pool;
  readonly work: Work;
  /** The signers whose own paths are being looked for. */
  readonly pending: readonly Certificate[];
  /** A path of its own for a signer that stands on no path yet. */
  readonly findPath: (signer: Certificate) => readonly Certificate[] | undefined;
}

/**
 * Finds who has signed a CRL: somebody with the name of its issuer whose key usage allows it (RFC
 * 5280 §6.3.3 (f) and (g)), who stands on the path itself, or whose own path ends in the same anchor.
 * A signer of CRLs may be listed in its own CRL only, as an indirect CRL issuer often is: what it
 * says of itself then counts, what two signers say of one another does not.
 */
export function createSignerFinder(input: SignerInput): FindSigner {
  const { pool, work, pending, findPath } = input;
  const paths = new Map<Certificate, readonly Certificate[] | undefined>();
  const pathOf = (signer: Certificate): readonly Certificate[] | undefined => {
    if (!paths.has(signer)) paths.set(signer, findPath(signer));
    return paths.get(signer);
  };
  return (crl, path) => {
    const anchor = path.at(-1);
    return byKeyId(pool.named(crl.issuer), crl).find((signer) => {
      if (signer.keyUsage !== null && !signer.keyUsage.includes('cRLSign')) return false;
      if (!pool.hasSigned(signer, crl, work)) return false;
      const trusted = pending.at(-1) === path[0] ? path : path.slice(1);
      if (trusted.some((one) => sameCertificate(one, signer))) return true;
      const end = pathOf(signer)?.at(-1);
      return end !== undefined && anchor !== undefined && sameEntity(end, anchor);
    });
  };
}

function byKeyId(
  signers: readonly Certificate[],
  { authorityKeyId }: CertificateList,
): readonly Certificate[] {
  const fits = (signer: Certificate): boolean =>
    authorityKeyId !== null && signer.subjectKeyId === authorityKeyId;
  return [...signers.filter(fits), ...signers.filter((signer) => !fits(signer))];
}
