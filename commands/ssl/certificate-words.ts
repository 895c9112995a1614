import type { CertificateStatus, Standing } from '../../src/index.js';

/** The manuals' words for where a certificate stands. */
export const CERTIFICATE_WORDS: Readonly<Record<CertificateStatus, string>> = {
  active: 'Active',
  expired: 'Expired',
  'not-yet-valid': 'Not yet valid',
  revoked: 'Revoked',
  'new-certificate-created': 'New certificate created',
  'creating-certificate-failed': 'Creating certificate failed',
  'csr-generated': 'CSR generated',
  'csr-generation-failed': 'CSR generation failed',
  'new-certificate-uploaded': 'New certificate uploaded',
  'no-certificate': 'No certificate',
};

const GOOD: ReadonlySet<CertificateStatus> = new Set<CertificateStatus>([
  'active',
  'new-certificate-created',
  'new-certificate-uploaded',
  'csr-generated',
]);

/** Whether nothing is wrong in that state. */
export function isGood(status: CertificateStatus): boolean {
  return GOOD.has(status);
}

/** What an operation that runs is waiting for. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  interrupted: 'was interrupted, or a command is at it just now',
  'waits-for-instant': 'everything is made and waits for its instant',
  'waits-for-gate': 'everything is made and waits for members to trust the new CA',
  'waits-for-person': 'was rolled back and waits for somebody to activate it',
  due: 'its time has come; zmint ssl resume activates it',
  switching: 'servers are being switched',
  'waits-for-retire': 'every server serves new certificates; the old CA is not retired yet',
  ended: 'has ended',
};
