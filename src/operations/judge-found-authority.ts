import { ZmintError } from '../errors.js';
import { decodePem } from '../encoding/pem.js';
import type { ReadContext } from '../ports/context.js';
import { createAuthorityJudge, type AuthorityJudge } from '../path/judge-authority.js';
import { parseCertificationRequest } from '../x509/certification-request.js';
import { activeAuthority, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { parseAll } from './check-set.js';
import type { FoundAuthority } from './find-authority.js';

/**
 * The judge of a CA's certificate that came, over the CAs that came with it and those above the CA of
 * today: who renews under the same root need not bring them again.
 */
export async function judgeFoundAuthority(
  ctx: Pick<ReadContext, 'store' | 'keys'>,
  snapshot: ZoneSnapshot,
  { request, certificate, others }: FoundAuthority,
): Promise<AuthorityJudge> {
  const [block] = decodePem(request.csr);
  if (block === undefined)
    throw new ZmintError('damaged', `the request for ${request.subject} is no PEM`, {
      hint: 'zmint doctor',
    });
  const known = activeAuthority(snapshot)?.parents ?? [];
  return createAuthorityJudge({
    certificate,
    others: [...others, ...parseAll(await ctx.store.der(known))],
    at: snapshot.now,
    verify: (...parts) => ctx.keys.verify(...parts),
    signatureAlgorithm: parseCertificationRequest(block.der).signatureAlgorithm,
  });
}
