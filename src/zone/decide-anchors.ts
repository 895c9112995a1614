import { ZmintError } from '../errors.js';
import { sameAlias, suggestAlias } from './anchor-alias.js';
import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type { TrustAnchor } from './trust-anchor.js';

/** A root that somebody wants to be trusted. */
export interface RootCandidate {
  readonly certificate: Fingerprint;
  /** From its subject or from the store it came in; an alias is made from it. */
  readonly name: string;
}

/** What was asked for. */
export interface AnchorWish {
  readonly roots: readonly RootCandidate[];
  /** `--alias`; for one root only. */
  readonly alias: string | undefined;
  /** `-Z`: another root under that alias gives way. */
  readonly replace: boolean;
  readonly now: Instant;
}

/** What is to be recorded. */
export interface AnchorDecision {
  readonly add: readonly TrustAnchor[];
  /** Roots that give way to one of the same alias. */
  readonly replaced: readonly TrustAnchor[];
  /** Roots that are trusted already; they keep their alias. */
  readonly known: readonly TrustAnchor[];
}

/**
 * Which roots are added, under which alias. Aliases are unique without regard to case, and so are
 * certificates: one that is trusted already stays as it is. Throws `usage` when one alias is to name
 * several roots, `policy` when another root has the alias and is not to be replaced.
 */
export function decideAnchors(
  anchors: readonly TrustAnchor[],
  { roots, alias, replace, now }: AnchorWish,
): AnchorDecision {
  const fresh = firstOfEach(roots).filter(
    (root) => !anchors.some(({ certificate }) => certificate === root.certificate),
  );
  const known = anchors.filter(({ certificate }) =>
    roots.some((root) => root.certificate === certificate),
  );
  if (alias !== undefined && fresh.length > 1) {
    throw new ZmintError('usage', `--alias names one root, and there are ${fresh.length}`, {
      hint: 'leave --alias out: each gets one made from its name',
    });
  }
  const names: string[] = [];
  const add = fresh.map((root): TrustAnchor => {
    const chosen =
      alias ?? unused(suggestAlias(root.name, `root-${root.certificate.slice(0, 8)}`), names);
    names.push(chosen);
    return { alias: chosen, certificate: root.certificate, source: 'external', since: now };
  });
  const replaced = anchors.filter((anchor) =>
    add.some((one) => sameAlias(one.alias, anchor.alias)),
  );
  if (replaced.length > 0 && !replace) throw taken(replaced);
  return { add, replaced, known };
}

function firstOfEach(roots: readonly RootCandidate[]): readonly RootCandidate[] {
  const seen = new Map<Fingerprint, RootCandidate>();
  for (const root of roots) if (!seen.has(root.certificate)) seen.set(root.certificate, root);
  return [...seen.values()];
}

function unused(base: string, names: readonly string[]): string {
  let alias = base;
  for (let number = 2; names.some((name) => sameAlias(name, alias)); number += 1) {
    alias = `${base.slice(0, 58)}-${number}`;
  }
  return alias;
}

function taken(replaced: readonly TrustAnchor[]): ZmintError {
  const [first] = replaced;
  const aliases = replaced.map(({ alias }) => alias);
  return new ZmintError(
    'policy',
    `another root is trusted as ${first?.alias ?? ''} already (${first?.certificate.slice(0, 16) ?? ''}…)`,
    {
      hint: 'choose another alias with --alias NAME, or replace that root with -Z',
      details: { aliases, fingerprints: replaced.map(({ certificate }) => certificate) },
    },
  );
}
