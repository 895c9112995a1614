import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CertificationRequest } from '../x509/certification-request.js';
import { isStrongKey } from '../x509/lint-certificate.js';
import type { Authority } from '../zone/authority.js';

/**
 * Throws `policy` for a request that does not prove that whoever made it holds the key (RFC 2986 §3),
 * whose key is weak, or is that of a CA or of a certificate of the zone.
 */
export async function refuseRequest(
  ctx: Pick<ReadContext, 'keys' | 'digest' | 'store'>,
  csr: CertificationRequest,
  authorities: readonly Authority[],
): Promise<void> {
  const { spki, signatureAlgorithm, info, signature, key } = csr;
  if (!ctx.keys.verify(spki, signatureAlgorithm, info, signature))
    throw refusal(
      'the request is not signed with the key that it names',
      'ask for another request',
    );
  if (!isStrongKey(key))
    throw refusal(
      `the key of the request is ${key}: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519`,
      'ask for a request with another key',
    );
  const fingerprint = ctx.digest.sha256(spki);
  if (authorities.some(({ spkiSha256 }) => spkiSha256 === fingerprint))
    throw refusal('the key of the request is that of the CA itself', 'zmint ca list');
  const [server] = await ctx.store.certificatesWithKey(fingerprint);
  if (server === undefined) return;
  throw refusal(
    `the key of the request is that of ${server.subject}: no key serves two`,
    'ask for a request with a key of its own',
  );
}

function refusal(fact: string, hint: string): ZmintError {
  return new ZmintError('policy', fact, { hint });
}
