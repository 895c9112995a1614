import { fromHex } from '../encoding/hex.js';
import { assembleCertificate, encodeTbsCertificate } from './certificate-content.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { encodeDistinguishedName } from './distinguished-name.js';

/** RFC 5280 appendix A.1, ub-common-name. */
const MOST_CN = 64;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** What a trial is for. */
export interface TrialNames {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * The certificate that a CA would make for a server, with a signature that nobody made: for asking
 * whether a path over this CA would hold. It must leave the process nowhere. Throws `policy` for a
 * name that a certificate cannot hold.
 *
 * @param signatureAlgorithm - the AlgorithmIdentifier of the CA's key
 */
export function trialLeaf(
  authority: Certificate,
  names: TrialNames,
  signatureAlgorithm: Uint8Array,
): Certificate {
  const { commonName, dnsNames, ipAddresses } = names;
  const subject = commonName.length <= MOST_CN ? [{ type: 'CN' as const, value: commonName }] : [];
  const tbs = encodeTbsCertificate(
    {
      serial: Uint8Array.of(1),
      issuer: authority.subject,
      subject: encodeDistinguishedName(subject),
      notBefore: authority.notBefore,
      notAfter: authority.notAfter,
      spki: authority.spki,
      ca: false,
      dnsNames,
      ipAddresses,
      extendedKeyUsage: [SERVER_AUTH],
      subjectKeyId: new Uint8Array(20),
      authorityKeyId: fromHex(authority.subjectKeyId ?? ''),
    },
    signatureAlgorithm,
  );
  return parseCertificate(assembleCertificate(tbs, signatureAlgorithm, Uint8Array.of(0)));
}
