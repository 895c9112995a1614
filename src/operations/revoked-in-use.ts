import type { GlanceContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';

/** More than a zone can have. */
const ALL = 1_000_000_000;

/** Server certificates in use that are revoked: one question for a whole list, and usually none. */
export async function revokedInUse(
  ctx: Pick<GlanceContext, 'store'>,
): Promise<ReadonlySet<Fingerprint>> {
  const records = await ctx.store.revokedInUse(ALL);
  return new Set(records.map(({ fingerprint }) => fingerprint));
}

/** Whether it is one of them. */
export function isAmong(
  revoked: ReadonlySet<Fingerprint>,
  current: { readonly fingerprint: Fingerprint } | null | undefined,
): boolean {
  return current != null && revoked.has(current.fingerprint);
}
