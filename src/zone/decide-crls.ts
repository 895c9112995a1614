import type { Authority } from './authority.js';
import type { Instant, Seconds } from './instant.js';
import { keyGeneration } from './zone-snapshot.js';

/** A generation of the CA and what it still vouches for. */
export interface CrlCandidate {
  readonly authority: Authority;
  /** When its own certificate ends. */
  readonly ownEnd: Instant;
  /** When the last of the certificates that it issued ends; null: it issued none. */
  readonly lastEnd: Instant | null;
}

/** A CRL that is to be made. */
export interface CrlDraft {
  /** The newest generation with the key: it signs under its name. */
  readonly authority: Authority;
  /** The first generation with the key. */
  readonly generation: number;
  readonly nextUpdate: Instant;
  /** The generation is retired: this CRL holds until its last certificate ends. */
  readonly last: boolean;
}

/**
 * One draft for each key of an internal CA that still vouches for something at `now`: the generation
 * in use, and any other until its last certificate has ended. By generation.
 */
export function decideCrls(
  candidates: readonly CrlCandidate[],
  now: Instant,
  span: Seconds,
): readonly CrlDraft[] {
  const authorities = candidates.map(({ authority }) => authority);
  const alive = candidates.filter((one) => isDue(one, now));
  const byKey = new Map<string, CrlCandidate[]>();
  for (const one of alive) {
    const { spkiSha256 } = one.authority;
    byKey.set(spkiSha256, [...(byKey.get(spkiSha256) ?? []), one]);
  }
  return [...byKey.values()].flatMap((sharing): readonly CrlDraft[] => {
    const newest = sharing.at(-1);
    if (newest === undefined) return [];
    const last = sharing.every(({ authority }) => authority.state === 'retired');
    const end = Math.max(...sharing.map((one) => one.lastEnd ?? one.ownEnd));
    return [
      {
        authority: newest.authority,
        generation: keyGeneration(authorities, newest.authority),
        nextUpdate: last ? end : now + span,
        last,
      },
    ];
  });
}

function isDue({ authority, ownEnd, lastEnd }: CrlCandidate, now: Instant): boolean {
  if (authority.kind !== 'internal' || authority.state === 'cancelled' || ownEnd < now)
    return false;
  return authority.state === 'active' || (lastEnd !== null && lastEnd >= now);
}
