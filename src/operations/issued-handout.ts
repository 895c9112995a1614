import { decodeUtf8 } from '../encoding/utf8.js';
import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { presentContent } from '../zone/operation-content.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { pemBundle } from './set-files.js';

/** What the holder of a certificate that was issued gets, all but the key. */
export interface IssuedHandout {
  /** DER; the certificate first, then what is sent behind it. */
  readonly chain: readonly Uint8Array[];
  /** DER of the roots. */
  readonly trust: readonly Uint8Array[];
  /** The chain as PEM. */
  readonly certificate: string;
  /** The roots as PEM. */
  readonly roots: string;
}

/** Throws `damaged` when a certificate is missing. */
export async function issuedHandout(
  ctx: Pick<ReadContext, 'store'>,
  snapshot: ZoneSnapshot,
  { fingerprint }: Pick<CertificateRecord, 'fingerprint'>,
): Promise<IssuedHandout> {
  const content = presentContent(snapshot, await ctx.store.anchors());
  const chain = await ctx.store.der([fingerprint, ...content.chain]);
  const roots = await rootsHandout(ctx, snapshot);
  return { chain, certificate: decodeUtf8(pemBundle(chain)), ...roots };
}

/** What everybody gets. */
export async function rootsHandout(
  ctx: Pick<ReadContext, 'store'>,
  snapshot: ZoneSnapshot,
): Promise<Pick<IssuedHandout, 'trust' | 'roots'>> {
  const content = presentContent(snapshot, await ctx.store.anchors());
  const trust = await ctx.store.der(content.trust);
  return { trust, roots: decodeUtf8(pemBundle(trust)) };
}
