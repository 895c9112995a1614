import type { Certificate } from '../x509/certificate.js';

/** One reason why a path does not hold. */
export interface ChainProblem {
  readonly code: 'chain-untrusted' | 'not-valid-then' | 'policy';
  /** RFC 4514 text of the certificate that is at fault. */
  readonly subject: string;
  readonly message: string;
}

/** The problem that a certificate has, its message `"<subject>" <fact>`. */
export function problemOf(
  code: ChainProblem['code'],
  certificate: Certificate,
  fact: string,
): ChainProblem {
  const subject = certificate.subject.text;
  return { code, subject, message: `${nameOf(certificate)} ${fact}` };
}

/** A certificate in words: its subject, or its first name or serial number when that is empty. */
export function nameOf(certificate: Certificate): string {
  const { subject, dnsNames, ipAddresses, serial } = certificate;
  if (subject.text !== '') return `"${subject.text}"`;
  const name = dnsNames[0] ?? ipAddresses[0];
  return name === undefined ? `the certificate with serial number ${serial}` : `"${name}"`;
}
