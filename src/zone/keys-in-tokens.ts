import type { HeldKey } from './held-keys.js';
import { tokenKeyOf, type TokenKey } from './token-key.js';

/** A key that the zone needs and that no backup can hold. */
export interface KeyInToken {
  readonly generation: number;
  /** As `TokenKey.uri`. */
  readonly keyUri: string;
}

/** Those of the keys that lie in tokens, by generation. */
export function keysInTokens(
  held: readonly HeldKey[],
  tokenKeys: readonly TokenKey[],
): readonly KeyInToken[] {
  return held.flatMap((one) => {
    const key = tokenKeyOf(tokenKeys, one);
    return key === undefined ? [] : [{ generation: one.generation, keyUri: key.uri }];
  });
}
