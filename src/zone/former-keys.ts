import { ZmintError } from '../errors.js';
import type { Authority } from './authority.js';
import type { Member } from './member.js';
import { tokenKeyOf, type TokenKey } from './token-key.js';

/**
 * The retired generations of the CA whose keys lie with a member that is to leave the zone. Throws
 * `policy` when it holds a key that is still needed: of a CA in use or to come, or of the one before,
 * to which the zone may go back.
 */
export function formerKeysOf(
  { id, name }: Member,
  authorities: readonly Authority[],
  tokenKeys: readonly TokenKey[],
): readonly number[] {
  const held = authorities.filter(
    (one) =>
      one.keyMemberId === id &&
      one.state !== 'cancelled' &&
      tokenKeyOf(tokenKeys, one) === undefined,
  );
  const needed = held.find(({ state }) => state !== 'retired');
  if (needed === undefined) return held.map(({ generation }) => generation);
  const { generation, state } = needed;
  const first = state === 'retiring' ? 'zmint ssl retire' : 'zmint ca move SERVER';
  throw new ZmintError('policy', `${name} holds the key of CA generation ${generation}, ${state}`, {
    hint: `${first}, then zmint server remove ${name}`,
  });
}
