import type { ReadContext } from '../ports/context.js';
import type { CrlStanding } from '../zone/judge-crls.js';
import type { Instant } from '../zone/instant.js';

/** As many servers that serve a revoked certificate are named. */
const MOST_NAMED = 20;

/**
 * Where the CRLs stand; null in a zone that never made one and revoked nothing. Throws what
 * `ZoneReader` throws.
 */
export async function readCrlStanding(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
): Promise<CrlStanding | null> {
  const known = await ctx.store.crlIssuers();
  const unlisted = await ctx.store.unlistedRevocations();
  if (!known.some(({ crl }) => crl !== null) && unlisted.length === 0) return null;
  const inUse = await ctx.store.revokedInUse(MOST_NAMED);
  const members = await ctx.store.membersById(inUse.flatMap(({ memberId }) => memberId ?? []));
  const { crlsInForce } = await import('./publish-crls.js');
  const issuers = await crlsInForce(ctx, now);
  return {
    crls: issuers.flatMap(({ generation, crl }) =>
      crl === null
        ? []
        : [
            {
              generation,
              number: crl.number,
              thisUpdate: crl.thisUpdate,
              nextUpdate: crl.nextUpdate,
              entries: crl.entries,
            },
          ],
    ),
    unlisted: unlisted.length,
    unpublished: known.some(({ crl, published }) => crl !== null && !published),
    revokedInUse: members.map(({ name }) => name),
  };
}
