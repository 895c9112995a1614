import type { Member } from './member.js';
import type { OperationMember } from './operation.js';

/** Parts by rank of activation, then by the member's name. */
export function inOrder(
  parts: readonly OperationMember[],
  members: readonly Member[],
): readonly OperationMember[] {
  const names = new Map(members.map((member) => [member.id, member.name]));
  const nameOf = (part: OperationMember): string => names.get(part.memberId) ?? part.memberId;
  return [...parts].sort((a, b) => a.order - b.order || (nameOf(a) < nameOf(b) ? -1 : 1));
}
