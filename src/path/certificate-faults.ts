import type { Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { pathExtensionsOf } from '../x509/path-extensions.js';
import { formatTime, type CertificateTime } from '../x509/time.js';
import type { PathProfile } from './path-input.js';
import type { Fault } from './path-problem.js';
import { profileFaults } from './profile-faults.js';
import { keyFault, type Strength } from './strength.js';

/** By what a certificate is judged for itself, wherever it stands in a path. */
export interface OwnRules {
  readonly at: CertificateTime;
  readonly strength: Strength;
  readonly profile: PathProfile;
}

/** Extensions whose meaning is respected; others must not be critical (RFC 5280 §4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.crlDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.policyConstraints,
  EXTENSION.extendedKeyUsage,
  EXTENSION.freshestCrl,
  EXTENSION.inhibitAnyPolicy,
]);

/**
 * What is wrong with a certificate for itself: dates, both ends included (RFC 5280 §4.1.2.5), the
 * strength of its key, extensions that are critical and not known, or not readable, and what its
 * profile forbids. A trusted root is judged as well, as OpenSSL does.
 */
export function certificateFaults(
  certificate: Certificate,
  role: 'signed' | 'anchor',
  rules: OwnRules,
): readonly Fault[] {
  const faults = [dateFault(certificate, rules.at), keyFault(certificate, rules.strength)];
  return [
    ...faults.filter((fault) => fault !== undefined),
    ...extensionFaults(certificate),
    ...profileFaults(certificate, role, rules.profile),
  ];
}

function dateFault({ notBefore, notAfter }: Certificate, at: CertificateTime): Fault | undefined {
  const rfc = 'RFC 5280 §6.1.3';
  if (at < notBefore) {
    return { code: 'not-yet-valid', rfc, fact: `is not valid before ${formatTime(notBefore)}` };
  }
  if (at <= notAfter) return undefined;
  return { code: 'expired', rfc, fact: `is not valid after ${formatTime(notAfter)}` };
}

function extensionFaults(certificate: Certificate): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { oid, critical } of certificate.extensions) {
    if (!critical || UNDERSTOOD.has(oid)) continue;
    const fact = `has a critical extension ${oid} that zmint does not know`;
    faults.push({ code: 'critical-extension', rfc: 'RFC 5280 §4.2', fact });
  }
  const { fault } = pathExtensionsOf(certificate);
  if (fault !== undefined) {
    faults.push({ code: 'malformed-extension', rfc: 'RFC 5280 §4.2', fact: fault });
  }
  return faults;
}
