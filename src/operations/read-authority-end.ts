import type { ZoneReader } from '../ports/zone-store.js';
import type { Instant } from '../zone/instant.js';

/** When the active CA of a zone ends. */
export interface AuthorityEnd {
  readonly zoneId: string;
  readonly ends: Instant;
}

/** Three small reads. Undefined when there is no active CA; throws what `ZoneReader` throws. */
export async function readAuthorityEnd(
  store: Pick<ZoneReader, 'zone' | 'authorities' | 'certificate'>,
): Promise<AuthorityEnd | undefined> {
  const zone = await store.zone();
  const active = (await store.authorities()).find(({ state }) => state === 'active');
  const record = active === undefined ? undefined : await store.certificate(active.certificate);
  return record === undefined ? undefined : { zoneId: zone.id, ends: record.notAfter };
}
