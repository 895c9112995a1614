import { encodePem } from '../encoding/pem.js';
import type { LabelledCertificate } from './read-trust-file.js';

/**
 * Certificates as PEM, each under its label as a comment, or under its subject when it has none;
 * what `readTrustFile` reads again as it was.
 */
export function renderTrustFile(certificates: readonly LabelledCertificate[]): string {
  return certificates
    .map(({ certificate, label }) => {
      const lines = label.length === 0 ? [certificate.subject.text] : label;
      const comment = lines.filter((line) => line !== '').map((line) => `# ${line}\n`);
      return `${comment.join('')}${encodePem('CERTIFICATE', certificate.der)}`;
    })
    .join('\n');
}
