import type { Authority } from './authority.js';
import { heldAuthorities } from './held-authorities.js';
import { tokenKeyOf, type TokenKey } from './token-key.js';

/** A key that the zone needs and that no backup can hold. */
export interface KeyInToken {
  readonly generation: number;
  /** As `TokenKey.uri`. */
  readonly keyUri: string;
}

/** The keys that the zone needs and that lie in tokens, by generation. */
export function keysInTokens(
  authorities: readonly Authority[],
  tokenKeys: readonly TokenKey[],
): readonly KeyInToken[] {
  return heldAuthorities(authorities).flatMap((authority) => {
    const key = tokenKeyOf(tokenKeys, authority);
    return key === undefined ? [] : [{ generation: authority.generation, keyUri: key.uri }];
  });
}
