import type { Certificate } from '../x509/certificate.js';

/** Every way in which a path can fail; scripts may rely on these words. */
export type PathProblemCode =
  | 'issuer-missing'
  | 'issuer-key-differs'
  | 'root-untrusted'
  | 'signature-wrong'
  | 'path-loop'
  | 'path-too-long'
  | 'path-budget'
  | 'not-yet-valid'
  | 'expired'
  | 'weak-signature'
  | 'weak-key'
  | 'not-a-ca'
  | 'key-usage'
  | 'path-length'
  | 'extended-key-usage'
  | 'name-constraints'
  | 'name-mismatch'
  | 'policy'
  | 'critical-extension'
  | 'malformed-extension'
  | 'profile'
  | 'revoked'
  | 'revocation-unknown';

/** One reason why a path does not hold. */
export interface PathProblem {
  readonly code: PathProblemCode;
  /** Which certificate is at fault. */
  readonly certificate: Certificate;
  /** Where the rule is, such as `RFC 5280 §6.1.3`. */
  readonly rfc: string;
  /** `"<subject>" <fact>`; text from outside in it is not escaped. */
  readonly message: string;
}

/** What is wrong, before it is said of which certificate. */
export interface Fault {
  readonly code: PathProblemCode;
  readonly rfc: string;
  readonly fact: string;
}

/** The problem that a certificate has. */
export function problemOf(certificate: Certificate, { code, rfc, fact }: Fault): PathProblem {
  return { code, certificate, rfc, message: `${nameOf(certificate)} ${fact}` };
}

/** A certificate in words: its subject, or its first name or serial number when that is empty. */
export function nameOf(certificate: Certificate): string {
  const { subject, dnsNames, ipAddresses, serial } = certificate;
  if (subject.text !== '') return `"${subject.text}"`;
  const name = dnsNames[0] ?? ipAddresses[0];
  return name === undefined ? `the certificate with serial number ${serial}` : `"${name}"`;
}
