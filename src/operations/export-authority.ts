import type { ReadContext } from '../ports/context.js';
import { authorityRoot } from '../zone/authority.js';
import type { Instant } from '../zone/instant.js';
import { trustOf } from '../zone/zone-trust.js';
import { showAuthority } from './list-authorities.js';
import { pemBundle } from './set-files.js';

/** What is to leave the zone: one root, or all that the zone trusts. */
export interface ExportRequest {
  /** Null: the generation in use. Not with `bundle`. */
  readonly generation: number | null;
  readonly form: 'pem' | 'der' | 'bundle';
}

/** Certificates on their way out; nothing of it is secret. */
export interface ExportedAuthority {
  readonly bytes: Uint8Array;
  /** SHA-256 of each certificate, in their order. */
  readonly fingerprints: readonly string[];
}

/** Reads the certificates; of a subordinate CA the root above it, which is what others trust. Throws `not-found` for a generation that does not exist, `damaged`. */
export async function exportAuthority(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  request: ExportRequest,
  now: Instant,
): Promise<ExportedAuthority> {
  if (request.form === 'bundle') {
    const fingerprints = trustOf(await ctx.store.anchors());
    return { bytes: pemBundle(await ctx.store.der(fingerprints)), fingerprints };
  }
  const { authority } = await showAuthority(ctx, request.generation, now);
  const root = authorityRoot(authority);
  const [der = new Uint8Array()] = await ctx.store.der([root]);
  const bytes = request.form === 'der' ? der : pemBundle([der]);
  return { bytes, fingerprints: [root] };
}
