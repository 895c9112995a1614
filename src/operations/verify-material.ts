import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { authorityRoot } from '../zone/authority.js';
import { decideClients } from '../zone/decide-clients.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Clients } from '../zone/judge-served.js';
import type { Member } from '../zone/member.js';
import { trustOf } from '../zone/zone-trust.js';
import { caOperation, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { parseAll } from './check-set.js';

/** What every server is judged by, read once. */
export interface VerifyMaterial {
  readonly snapshot: ZoneSnapshot;
  /** The zone's trust bundle. */
  readonly anchors: readonly Certificate[];
  /** Roots of the zone's CA, by generation. */
  readonly roots: ReadonlyMap<number, Certificate>;
  /** Cross-certificates, subordinate CAs, and intermediates that came with placed sets. */
  readonly known: readonly Certificate[];
  readonly crosses: ReadonlySet<Fingerprint>;
}

/** Reads the roots and cross-certificates. Throws `damaged` when one is missing or altered. */
export async function readVerifyMaterial(
  ctx: Pick<ReadContext, 'store'>,
  snapshot: ZoneSnapshot,
): Promise<VerifyMaterial> {
  const anchors = parseAll(await ctx.store.der(trustOf(await ctx.store.anchors())));
  const roots = new Map<number, Certificate>();
  for (const authority of snapshot.authorities) {
    const [root] = parseAll(await ctx.store.der([authorityRoot(authority)]));
    if (root !== undefined) roots.set(authority.generation, root);
  }
  const isRoot = new Set(snapshot.authorities.map(authorityRoot));
  const useful = snapshot.authorityCertificates.filter(
    ({ state, fingerprint }) =>
      state !== 'cancelled' && state !== 'retired' && !isRoot.has(fingerprint),
  );
  const crosses = useful.filter(({ purpose }) => purpose === 'cross');
  return {
    snapshot,
    anchors,
    roots,
    known: parseAll(await ctx.store.der(useful.map(({ fingerprint }) => fingerprint))),
    crosses: new Set(crosses.map(({ fingerprint }) => fingerprint)),
  };
}

/** The clients that a server must satisfy now, with the roots that they hold. */
export function demandsOf(material: VerifyMaterial, member: Member): readonly Clients[] {
  const { snapshot, anchors, roots } = material;
  const operation = caOperation(snapshot);
  const part = snapshot.parts
    .get(operation?.id ?? '')
    ?.find(({ memberId }) => memberId === member.id);
  const oldRoot = roots.get(operation?.previousGeneration ?? 0);
  return decideClients({ operation, part, oldRoot, now: snapshot.now }).map(
    ({ generation, who }) => {
      const root = generation === null ? undefined : roots.get(generation);
      return { who, roots: root === undefined ? anchors : [root] };
    },
  );
}
