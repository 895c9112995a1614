import { encodeUtf8 } from '../encoding/utf8.js';
import type { ReadContext } from '../ports/context.js';

const ZONE_DIGITS = 16;
const USE_DIGITS = 24;

/**
 * CKA_ID for a key that is to be made in a token: 8 octets that are those of the zone, 12 of what it
 * is made for, hexadecimal. So what an attempt that died has left is found again, and nothing else.
 *
 * @param use - a UUID that stands for one attempt with all its repetitions
 */
export function freshKeyId(ctx: Pick<ReadContext, 'digest'>, zoneId: string, use: string): string {
  return zoneKeyIds(ctx, zoneId) + ctx.digest.sha256(encodeUtf8(use)).slice(0, USE_DIGITS);
}

/** What the ids of all keys that were made for a zone begin with. */
export function zoneKeyIds(ctx: Pick<ReadContext, 'digest'>, zoneId: string): string {
  return ctx.digest.sha256(encodeUtf8(zoneId)).slice(0, ZONE_DIGITS);
}
