import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ZoneStore } from '../../src/ports/zone-store.js';
import type { Change } from '../../src/zone/change.js';
import type { CrlIssuer } from '../../src/zone/crl-issuer.js';
import type { Revocation } from '../../src/zone/revocation.js';
import { BEGINNING, certificate, entry } from '../support/zone-rows.js';
import type { ZoneStoreSubject } from '../support/zone-store-subject.js';

const ISSUER: CrlIssuer = {
  issuerSpkiSha256: 'aa'.repeat(32),
  generation: 2,
  floor: 17,
  crl: { number: 16, thisUpdate: BEGINNING, nextUpdate: BEGINNING + 7, entries: 1, der: 'MAA=' },
  published: false,
};

function revocation(number: number, changes: Partial<Revocation> = {}): Revocation {
  return {
    fingerprint: certificate(number).record.fingerprint,
    issuerSpkiSha256: ISSUER.issuerSpkiSha256,
    serial: `0${number}`,
    reason: 'superseded',
    revokedAt: BEGINNING + number,
    invalidityDate: null,
    notAfter: BEGINNING + 100 * number,
    listedIn: null,
    ...changes,
  };
}

/** What a store says about revoked certificates and CRLs. */
export function zoneStoreRevocations(make: () => Promise<ZoneStoreSubject>): void {
  let store: ZoneStore;
  const commit = (...changes: readonly Change[]): Promise<void> => store.commit(entry(), changes);

  beforeEach(async () => {
    ({ store } = await make());
  });

  afterEach(() => {
    store.close();
  });

  describe('revocations', () => {
    test('come back as they were put, by time', async () => {
      const [one, two] = [
        revocation(1, { invalidityDate: BEGINNING, listedIn: 16 }),
        revocation(2),
      ];
      const other = revocation(3, { issuerSpkiSha256: 'bb'.repeat(32) });
      await commit({ type: 'put-revocations', revocations: [other, two, one] });
      expect(await store.revocation(one.fingerprint)).toEqual(one);
      expect(await store.revocation('00'.repeat(32))).toBeUndefined();
      expect(await store.unlistedRevocations()).toEqual([two, other]);
      expect(await store.revocationsOf(ISSUER.issuerSpkiSha256, 0)).toEqual([one, two]);
      const later = await store.revocationsOf(ISSUER.issuerSpkiSha256, one.notAfter + 1);
      expect(later).toEqual([two]);
      expect(await store.revocationsNamed([two.fingerprint, '00'.repeat(32)])).toEqual([two]);
      expect(await store.revocationsNamed([])).toEqual([]);
      await commit({ type: 'put-revocations', revocations: [{ ...two, listedIn: 18 }] });
      expect(await store.unlistedRevocations()).toEqual([other]);
      expect(await store.damage()).toEqual([]);
    });

    test('of certificates in use are found', async () => {
      const [used, unused] = [certificate(1), certificate(2)];
      const record = { ...used.record, state: 'current' as const, purpose: 'server' as const };
      const old = { ...unused.record, state: 'retired' as const, purpose: 'server' as const };
      await commit(
        {
          type: 'add-certificates',
          certificates: [
            { ...used, record },
            { ...unused, record: old },
          ],
        },
        { type: 'put-revocations', revocations: [revocation(1), revocation(2)] },
      );
      expect(await store.revokedInUse(5)).toEqual([record]);
      expect(await store.revokedInUse(0)).toEqual([]);
    });
  });

  test('the numbers and the newest CRL of each key', async () => {
    const first = { ...ISSUER, issuerSpkiSha256: 'bb'.repeat(32), generation: 1, crl: null };
    await commit({ type: 'put-crl-issuers', issuers: [ISSUER, first] });
    expect(await store.crlIssuers()).toEqual([first, ISSUER]);
    const next = { ...ISSUER, floor: 18, published: true };
    await commit({ type: 'put-crl-issuers', issuers: [next] });
    expect(await store.crlIssuers()).toEqual([first, next]);
    expect(await store.damage()).toEqual([]);
  });

  test('certificates by the beginning of their fingerprint, and by their serial number', async () => {
    const [one, two] = [certificate(1), certificate(2)];
    await commit({ type: 'add-certificates', certificates: [one, two] });
    const { fingerprint, serial } = one.record;
    expect(await store.certificatesLike(fingerprint.slice(0, 16), 5)).toEqual([one.record]);
    expect(await store.certificatesLike(fingerprint, 5)).toEqual([one.record]);
    expect(await store.certificatesLike('', 1)).toHaveLength(1);
    expect(await store.certificatesLike('', 5)).toHaveLength(2);
    expect(await store.certificatesNumbered(serial)).toContainEqual(one.record);
    expect(await store.certificatesNumbered('fefefe')).toEqual([]);
  });

  test('the last end of what a generation issued, its own root left out', async () => {
    const issued = (number: number, purpose: 'ca' | 'server', notAfter: number) => {
      const { record, der } = certificate(number);
      return { der, record: { ...record, purpose, issuerGeneration: 4, notAfter } };
    };
    await commit({
      type: 'add-certificates',
      certificates: [issued(1, 'server', 500), issued(2, 'server', 700), issued(3, 'ca', 900)],
    });
    expect(await store.lastEndOf(4)).toBe(700);
    expect(await store.lastEndOf(5)).toBeNull();
  });
}
