import type { OperationContext } from '../ports/context.js';
import type { CaKeyPlace } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import { ZmintError } from '../errors.js';
import { parseKeyUri, renderKeyUri, tokenName } from '../zone/key-uri.js';
import type { Operation } from '../zone/operation.js';
import type { PlannedAuthority, WantedToken } from '../zone/remint-plan.js';
import type { TokenKey } from '../zone/token-key.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { freshKeyId } from './fresh-key-id.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** A key for a generation of the CA, ready to sign. */
export interface AuthorityKey {
  readonly signer: Signer;
  /** To be recorded with the generation; null: the key lies in a file. */
  readonly tokenKey: TokenKey | null;
}

/** What a key is made for. */
export interface KeyMaking {
  readonly snapshot: ZoneSnapshot;
  readonly operation: Operation;
  readonly planned: PlannedAuthority;
  readonly keys: AuthorityKeys;
  readonly now: number;
}

/**
 * Makes the key of the next generation, durable and tried before anything is signed with it (I-4).
 * In a file: what an attempt that died has left at its place goes first. In a token: what such an
 * attempt has left is used, since it has signed nothing that was recorded. Throws what the vault or
 * the token throws, and `policy` for a key that the zone has already.
 */
export async function makeAuthorityKey(
  ctx: OperationContext,
  making: KeyMaking,
  filePlace: () => Promise<CaKeyPlace>,
): Promise<AuthorityKey> {
  const { token } = making.planned;
  if (token !== undefined) return inToken(ctx, making, token);
  return { signer: await inFile(ctx, making, await filePlace()), tokenKey: null };
}

async function inFile(
  ctx: OperationContext,
  { snapshot, planned, keys }: KeyMaking,
  place: CaKeyPlace,
): Promise<Signer> {
  await ctx.vault.discard(place);
  const pair = await ctx.keys.generate(planned.keySpec);
  const identity = { zoneId: snapshot.zone.id, spkiSha256: ctx.digest.sha256(pair.spki) };
  try {
    await ctx.vault.seal(place, pair.pkcs8, identity, await keys.lock());
    return await ctx.keys.signer(pair.pkcs8);
  } finally {
    pair.pkcs8.fill(0);
  }
}

async function inToken(
  ctx: OperationContext,
  { snapshot, operation, planned, now }: KeyMaking,
  token: WantedToken,
): Promise<AuthorityKey> {
  const { uri: named } = parseKeyUri(token.uri);
  const freshId = freshKeyId(ctx, snapshot.zone.id, operation.updateGuid);
  // Beside an earlier key labels tell nothing: only the id says that it is the one of this operation.
  const uri = token.kind === 'beside' ? { ...named, id: freshId } : named;
  const order = { uri, spec: planned.keySpec, freshId };
  const provided = await ctx.tokens.provide(order, () => ctx.pin.read(uri));
  const { signer } = provided;
  const spkiSha256 = ctx.digest.sha256(signer.spki);
  if (snapshot.authorities.some((authority) => authority.spkiSha256 === spkiSha256)) {
    throw new ZmintError(
      'policy',
      `the key ${uri.object ?? uri.id ?? ''} in the token ${tokenName(uri)} was that of an earlier CA of this zone`,
      { hint: 'name another object= in --key-uri, or keep the key of today: --keep-key' },
    );
  }
  return { signer, tokenKey: { spkiSha256, uri: renderKeyUri(provided.uri), recordedAt: now } };
}
