import { checkChain } from '../path/check-chain.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { Instant } from '../zone/instant.js';
import type { MemberSet } from '../zone/member-set.js';
import { parseAll } from './check-set.js';

/**
 * Says of roots whether the certificate of a set reaches one of them, at the instant that is nearest
 * to now and at which it is valid. Throws `damaged` when a certificate is missing in the repository.
 */
export async function chainJudge(
  ctx: Pick<ReadContext, 'store' | 'keys'>,
  { now }: { readonly now: Instant },
  set: Pick<MemberSet, 'leaf' | 'chain'>,
): Promise<(anchors: readonly Certificate[]) => boolean> {
  const [leaf, ...intermediates] = parseAll(
    await ctx.store.der([...(set.leaf === null ? [] : [set.leaf]), ...set.chain]),
  );
  if (leaf === undefined) return () => true;
  const at = Math.min(Math.max(now, leaf.notBefore), leaf.notAfter);
  return (anchors) =>
    checkChain({
      leaf,
      intermediates,
      anchors,
      at,
      verify: (...parts) => ctx.keys.verify(...parts),
    }).length === 0;
}
