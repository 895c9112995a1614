import type { OperationContext } from '../ports/context.js';
import type { CaKeyPlace, Unlock } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import { parseKeyUri, renderKeyUri } from '../zone/key-uri.js';
import type { TokenKey } from '../zone/token-key.js';
import type { Custody } from '../zone/zone.js';
import { freshKeyId } from './fresh-key-id.js';

/** How the key of a new zone's CA is kept. */
export interface FirstKeyPlan {
  readonly at: Instant;
  readonly keySpec: KeySpec;
  readonly custody: Custody;
  /** As `renderKeyUri` gives it; null: in a file. */
  readonly keyUri: string | null;
}

/** A key in a token that a new zone takes. */
export interface FirstTokenKey {
  readonly signer: Signer;
  readonly tokenKey: TokenKey;
  /** False: it was there, and is used as it is. */
  readonly isNew: boolean;
}

/**
 * The key in the token, made there unless it is there already: so a key that an `init` which died has
 * made is taken up again. Null: the key is to be in a file. Throws what `TokenKeys.provide` throws.
 */
export async function firstTokenKey(
  ctx: OperationContext,
  { at, keySpec, keyUri }: FirstKeyPlan,
  zoneId: string,
): Promise<FirstTokenKey | null> {
  if (keyUri === null) return null;
  const { uri } = parseKeyUri(keyUri);
  const order = { uri, spec: keySpec, freshId: freshKeyId(ctx, zoneId, zoneId) };
  const provided = await ctx.tokens.provide(order, () => ctx.pin.read(uri));
  const { signer, isNew } = provided;
  const spkiSha256 = ctx.digest.sha256(signer.spki);
  const tokenKey = { spkiSha256, uri: renderKeyUri(provided.uri), recordedAt: at };
  return { signer, tokenKey, isNew };
}

/** A new key in a file, durable and tried. */
export async function firstFileKey(
  ctx: OperationContext,
  { keySpec }: FirstKeyPlan,
  file: { readonly zoneId: string; readonly place: CaKeyPlace; readonly unlock: Unlock },
): Promise<Signer> {
  const pair = await ctx.keys.generate(keySpec);
  try {
    const identity = { zoneId: file.zoneId, spkiSha256: ctx.digest.sha256(pair.spki) };
    const signer = await ctx.keys.signer(pair.pkcs8);
    await ctx.vault.seal(file.place, pair.pkcs8, identity, file.unlock);
    return signer;
  } finally {
    pair.pkcs8.fill(0);
  }
}
