import type { CertificateList } from '../x509/certificate-list.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { formatTime, type CertificateTime } from '../x509/time.js';
import type { PathProfile } from './path-input.js';
import { signatureFault, type Strength } from './strength.js';

const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.issuerAltName,
  EXTENSION.crlNumber,
  EXTENSION.deltaCrlIndicator,
  EXTENSION.issuingDistributionPoint,
  EXTENSION.freshestCrl,
  EXTENSION.authorityInfoAccess,
]);

/**
 * Why a CRL cannot be used at all, in words; undefined: it can, as far as its signature and its dates
 * allow. Critical extensions that are not known, of the CRL or of any entry, forbid its use (RFC 5280
 * §5.2, §5.3); so does, unless `tolerant`, a CRL without number (§5.2.3) or of version 1 (§5.1.2.1).
 */
export function crlFault(
  crl: CertificateList,
  strength: Strength,
  profile: PathProfile,
): string | undefined {
  const strange = crl.extensions.find(({ oid, critical }) => critical && !UNDERSTOOD.has(oid));
  if (strange !== undefined) return `has a critical extension ${strange.oid} that is not known`;
  const entry = crl.revoked.find(({ unknownCritical }) => unknownCritical.length > 0);
  if (entry !== undefined) return 'has an entry with a critical extension that is not known';
  if (crl.nextUpdate === null) return 'does not say when the next one comes';
  const weak = signatureFault(crl, strength);
  if (weak !== undefined) return weak.fact;
  return profile === 'tolerant' ? undefined : profileFault(crl);
}

/** Why a CRL is of no use at the instant; undefined: it is fresh, both ends included. */
export function freshnessFault(crl: CertificateList, at: CertificateTime): string | undefined {
  if (at < crl.thisUpdate) return `is not issued before ${formatTime(crl.thisUpdate)}`;
  const { nextUpdate } = crl;
  if (nextUpdate === null || at <= nextUpdate) return undefined;
  return `is out of date since ${formatTime(nextUpdate)}`;
}

function profileFault(crl: CertificateList): string | undefined {
  if (crl.version === 1) return 'is of version 1';
  const number = crl.extensions.find(({ oid }) => oid === EXTENSION.crlNumber);
  if (number === undefined) return 'has no CRL number';
  if (number.critical) return 'marks its number critical';
  return crl.authorityKeyId === null ? 'has no authority key identifier' : undefined;
}
