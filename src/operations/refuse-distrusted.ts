import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { authorityRoot } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { MemberSet } from '../zone/member-set.js';
import { trustOf } from '../zone/zone-trust.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { chainJudge } from './chain-judge.js';
import { parseAll } from './check-set.js';

/**
 * Throws `policy` for the first set that a server is to go back to whose certificate nobody is to
 * trust any more (I-14): its CA has left the zone or is compromised, or its root is not among the
 * zone's roots.
 */
export async function refuseDistrusted(
  ctx: Pick<ReadContext, 'store' | 'keys'>,
  snapshot: ZoneSnapshot,
  sets: readonly MemberSet[],
): Promise<void> {
  const leaves = sets.flatMap(({ leaf }) => (leaf === null ? [] : [leaf]));
  const records = new Map(
    (await ctx.store.certificatesNamed(leaves)).map((one) => [one.fingerprint, one]),
  );
  const roots = trustOf(await ctx.store.anchors());
  const trusted = await trustedGenerations(ctx, snapshot, new Set(roots));
  const anchors = parseAll(await ctx.store.der(roots));
  for (const set of sets) {
    const record = set.leaf === null ? undefined : records.get(set.leaf);
    if (record === undefined) continue;
    const { issuerGeneration } = record;
    const good =
      issuerGeneration === null
        ? (await chainJudge(ctx, snapshot, set))(anchors)
        : trusted.has(issuerGeneration);
    if (!good) throw distrusted(record);
  }
}

async function trustedGenerations(
  { store }: Pick<ReadContext, 'store'>,
  { authorities }: ZoneSnapshot,
  roots: ReadonlySet<string>,
): Promise<ReadonlySet<number>> {
  const left = (await store.operations())
    .filter(({ compromised, phase }) => compromised && phase !== 'cancelled')
    .map(({ previousGeneration }) => previousGeneration);
  return new Set(
    authorities
      .filter(({ state }) => state !== 'retired' && state !== 'cancelled')
      .filter((authority) => roots.has(authorityRoot(authority)))
      .map(({ generation }) => generation)
      .filter((generation) => !left.includes(generation)),
  );
}

function distrusted({ subject, fingerprint }: CertificateRecord): ZmintError {
  return new ZmintError(
    'policy',
    `the certificate to go back to, ${subject}, is of a CA that the zone no longer trusts`,
    { hint: 'zmint ssl remint --all', details: { fingerprint } },
  );
}
