import type { OperationMember } from '../../src/index.js';

/** The manuals' words for a member's state in a certificate update. */
export const UPDATE_WORDS: Readonly<Record<OperationMember['update'], string>> = {
  'not-assigned': 'Not Assigned',
  'update-assigned': 'Update Assigned',
  'pending-certificate-activation': 'Pending Certificate Activation',
  'update-completed': 'Update Completed',
  error: 'Error',
  ignored: 'Ignored',
};

/** How it is known that a member serves its new certificate. */
export function evidenceWords(evidence: OperationMember['evidence']): string {
  if (evidence === null) return '';
  return evidence === 'handshake' ? 'handshake' : 'files (no probe configured)';
}
