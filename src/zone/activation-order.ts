import type { Member } from './member.js';

/** The order in which members are activated: the CA server, other Primary Servers, satellites, the rest (0 to 3). */
export function activationOrder(member: Member, caMemberId: string | null): number {
  if (member.id === caMemberId) return 0;
  if (member.kind === 'primary') return 1;
  return member.kind === 'satellite' ? 2 : 3;
}
