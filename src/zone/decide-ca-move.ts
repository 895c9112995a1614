import { ZmintError } from '../errors.js';
import type { Authority, AuthorityState } from './authority.js';
import type { Member } from './member.js';
import type { OperationPhase } from './operation-terms.js';
import { tokenKeyOf, type TokenKey } from './token-key.js';
import { caOperation, keyGeneration, type ZoneSnapshot } from './zone-snapshot.js';

/** A key of the CA that moves. */
export interface MovingKey {
  /** In whose folder it lies; the first of those that share it. */
  readonly generation: number;
  /** One of those that share it. */
  readonly authority: Authority;
  /** Of all generations that share it, by generation. */
  readonly states: readonly AuthorityState[];
  /** Where in a token it lies, and stays; null: in a file, which travels. */
  readonly keyUri: string | null;
}

/**
 * Phases in which an operation needs no key before its end, or finds it where it is recorded by
 * then. In all others it was interrupted while keys were made, or while they were given up.
 */
const SAFE_PHASES: readonly OperationPhase[] = ['armed', 'activating', 'active'];

/** Throws `policy` for a member that may not have the CA role, and in a zone that has no key of a CA. */
export function refuseHolder({ zone }: ZoneSnapshot, to: Member): void {
  if (zone.custody === 'external' || zone.caMemberId === null) {
    throw new ZmintError('policy', 'the CA of this zone is external: there is no key to move', {
      hint: 'zmint ca show',
    });
  }
  requirePrimary(to);
}

/** Throws `policy` for a satellite or a device: the CA role is for a Primary Server. */
export function requirePrimary(to: Pick<Member, 'kind' | 'name' | 'path'>): void {
  if (to.kind === 'primary') return;
  const what = to.kind === 'satellite' ? 'a satellite' : 'a device';
  throw new ZmintError(
    'policy',
    `${to.name} is ${what}: only a Primary Server can hold the CA role`,
    { hint: 'zmint server list', details: { member: to.path, kind: to.kind } },
  );
}

/** Throws `operation-pending` while an operation on the CA is between two states that can be told apart. */
export function refuseUnsettled(snapshot: ZoneSnapshot): void {
  const operation = caOperation(snapshot);
  if (operation === undefined || SAFE_PHASES.includes(operation.phase)) return;
  const { id, phase } = operation;
  throw new ZmintError('operation-pending', `${id} was interrupted while ${phase}`, {
    hint: 'zmint ssl resume, then move the CA role',
    details: { operation: id, phase },
  });
}

/** The keys that a member holds and that may still sign or be gone back to, by generation. */
export function movingKeys(
  snapshot: ZoneSnapshot,
  holderId: string,
  tokenKeys: readonly TokenKey[],
): readonly MovingKey[] {
  const held = heldBy(snapshot, holderId).filter(({ state }) => state !== 'cancelled');
  const keys = new Map<number, MovingKey>();
  for (const authority of held) {
    const generation = keyGeneration(snapshot.authorities, authority);
    const known = keys.get(generation);
    const states = [...(known?.states ?? []), authority.state];
    const keyUri = tokenKeyOf(tokenKeys, authority)?.uri ?? null;
    const first = known?.authority ?? authority;
    keys.set(generation, { generation, authority: first, states, keyUri });
  }
  return [...keys.values()].sort((a, b) => a.generation - b.generation);
}

/** The generations whose key is with a member, also those that were cancelled. */
export function heldBy({ authorities }: ZoneSnapshot, holderId: string): readonly Authority[] {
  return authorities.filter(
    ({ kind, keyMemberId }) => kind === 'internal' && keyMemberId === holderId,
  );
}

/** Whether a zone cannot do without the key; one of a CA that has retired can only make a last CRL. */
export function isNeeded({ states }: MovingKey): boolean {
  return states.some((state) => state !== 'retired');
}
