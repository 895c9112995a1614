import { describe } from '@jest/globals';
import type { ZoneStoreSubject } from '../support/zone-store-subject.js';
import { zoneStoreCommits } from './zone-store-commits.js';
import { zoneStoreRevocations } from './zone-store-revocations.js';
import { zoneStoreRows } from './zone-store-rows.js';

/** What src/ports/zone-store.ts promises; run on every adapter, each test with a fresh subject. */
export function zoneStoreContract(name: string, make: () => Promise<ZoneStoreSubject>): void {
  describe(`zone store: ${name}`, () => {
    zoneStoreRows(make);
    zoneStoreCommits(make);
    zoneStoreRevocations(make);
  });
}
