import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';

/**
 * Whether a server may get this certificate once more: it was given up by a cancel or replaced later,
 * and it came from a person. What zmint minted and gave up stays given up.
 */
export async function mayComeBack(
  ctx: Pick<ReadContext, 'store'>,
  record: CertificateRecord,
  memberId: string,
): Promise<boolean> {
  const { state, operationId } = record;
  const gone = state === 'cancelled' || state === 'previous' || state === 'retired';
  if (!gone || record.memberId !== memberId || operationId === null) return false;
  const parts = await ctx.store.operationMembers(operationId);
  return parts.some((part) => part.memberId === memberId && part.planned?.placedByHand === true);
}
