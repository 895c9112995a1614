import type { ZoneReader } from '../ports/zone-store.js';
import { awaitedAuthority, type AuthorityRequest } from '../zone/authority-request.js';

/** The request of the zone's CA that waits for a certificate; null: none does. */
export async function findAwaitedAuthority(
  store: Pick<ZoneReader, 'authorityRequests'>,
): Promise<AuthorityRequest | null> {
  return awaitedAuthority(await store.authorityRequests()) ?? null;
}
