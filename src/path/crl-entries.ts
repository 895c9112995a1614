import type { Certificate } from '../x509/certificate.js';
import type { CertificateList, RevokedCertificate } from '../x509/certificate-list.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import { directoryNames } from './crl-scope.js';
import { sameName } from './identity.js';

interface IssuedEntry {
  readonly entry: RevokedCertificate;
  readonly issuers: readonly DistinguishedName[];
}

const indexes = new WeakMap<CertificateList, ReadonlyMap<string, readonly IssuedEntry[]>>();

/**
 * What a CRL says about a certificate; undefined: nothing. An entry belongs to the issuer that it or
 * one before it names, else to the issuer of the CRL (RFC 5280 §5.3.3).
 */
export function findEntry(
  crl: CertificateList,
  certificate: Certificate,
): RevokedCertificate | undefined {
  const found = indexOf(crl)
    .get(certificate.serial)
    ?.find(({ issuers }) => issuers.some((issuer) => sameName(issuer, certificate.issuer)));
  return found?.entry;
}

function indexOf(crl: CertificateList): ReadonlyMap<string, readonly IssuedEntry[]> {
  const known = indexes.get(crl);
  if (known !== undefined) return known;
  const index = new Map<string, IssuedEntry[]>();
  const indirect = crl.distributionPoint?.indirect === true;
  let issuers: readonly DistinguishedName[] = [crl.issuer];
  for (const entry of crl.revoked) {
    if (indirect && entry.certificateIssuer !== null) {
      issuers = directoryNames(entry.certificateIssuer);
    }
    const entries = index.get(entry.serial);
    if (entries === undefined) index.set(entry.serial, [{ entry, issuers }]);
    else entries.push({ entry, issuers });
  }
  indexes.set(crl, index);
  return index;
}
