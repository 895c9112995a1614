import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { serversThatNeed } from './servers-that-need.js';

const NAMED = 5;

/** Throws `policy`, naming servers, when one of them needs a root that is to leave (I-15). */
export async function refuseNeeded(
  ctx: Pick<ReadContext, 'store' | 'keys'>,
  snapshot: ZoneSnapshot,
  anchors: readonly TrustAnchor[],
  leaving: readonly TrustAnchor[],
): Promise<void> {
  if (leaving.length === 0) return;
  const roots = new Set(leaving.map(({ certificate }) => certificate));
  const needing = await serversThatNeed(ctx, snapshot, anchors, roots);
  const [first] = needing;
  if (first === undefined) return;
  const names = needing.slice(0, NAMED).map(({ name }) => name);
  const more = needing.length > NAMED ? ` and ${needing.length - NAMED} more` : '';
  throw new ZmintError(
    'policy',
    `${leaving.map(({ alias }) => alias).join(', ')} cannot leave the trust store: the certificate of ${names.join(', ')}${more} needs it`,
    {
      hint: `give them certificates of another CA first: zmint ssl remint ${first.name}`,
      details: { servers: needing.map(({ name }) => name) },
    },
  );
}
