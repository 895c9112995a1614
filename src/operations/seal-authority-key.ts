import type { OperationContext } from '../ports/context.js';
import type { CaKeyPlace, Unlock } from '../ports/key-vault.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import type { KeySpec } from '../zone/key-spec.js';
import { makeAuthorityRequest } from './make-authority-request.js';

/** A CA key that is to be made, and where it is to lie. */
export interface NewAuthorityKey {
  readonly zoneId: string;
  readonly place: CaKeyPlace;
  readonly subject: DistinguishedName;
  readonly keySpec: KeySpec;
  readonly unlock: Unlock;
}

/**
 * Makes the key of a subordinate CA and the request for its certificate. The key is durable, read back
 * and tried before there is a request that could leave (I-4). A key that a crash left there without a
 * record has vouched for nothing and is made again.
 */
export async function sealAuthorityKey(
  ctx: OperationContext,
  { zoneId, place, subject, keySpec, unlock }: NewAuthorityKey,
): Promise<Pick<AuthorityRequest, 'subject' | 'spkiSha256' | 'csr'>> {
  await ctx.vault.discard(place);
  const pair = await ctx.keys.generate(keySpec);
  const spkiSha256 = ctx.digest.sha256(pair.spki);
  const signer = await ctx.keys.signer(pair.pkcs8);
  try {
    await ctx.vault.seal(place, pair.pkcs8, { zoneId, spkiSha256 }, unlock);
    const csr = await makeAuthorityRequest(ctx, subject, signer);
    return { subject: subject.text, spkiSha256, csr };
  } finally {
    pair.pkcs8.fill(0);
    signer.close();
  }
}
