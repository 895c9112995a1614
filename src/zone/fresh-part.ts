import type { OperationMember } from './operation.js';

/** What is known of a member's part at its beginning. */
export type PartBeginning = Pick<OperationMember, 'operationId' | 'memberId' | 'order'> &
  Partial<OperationMember>;

/** A member's part in an operation before anything has been done for it. */
export function freshPart(beginning: PartBeginning): OperationMember {
  return {
    planned: null,
    creation: null,
    update: 'not-assigned',
    previousSet: null,
    trustSet: null,
    futureSet: null,
    futureCertificate: null,
    narrowedSet: null,
    target: null,
    held: false,
    evidence: null,
    trustProvedAt: null,
    waived: false,
    problem: null,
    ...beginning,
  };
}
