import type { ReadContext } from '../ports/context.js';
import { parseCertificate } from '../x509/certificate.js';
import { purposeName } from '../x509/purpose-names.js';
import { certificateLife, type CertificateLife } from '../zone/certificate-life.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';

/** A certificate that belongs to no member. */
export interface IssuedRow {
  readonly record: CertificateRecord;
  readonly status: CertificateLife | 'revoked';
  /** `clientAuth` …; of a subordinate CA `CA`. */
  readonly purposes: readonly string[];
}

/** Certificates of people, services, agents and subordinate CAs, oldest first. Throws `damaged`. */
export async function listIssued(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
): Promise<readonly IssuedRow[]> {
  const records = [
    ...(await ctx.store.certificates({ purpose: 'client' })),
    ...(await ctx.store.certificates({ purpose: 'subordinate' })),
  ].sort((a, b) => a.recordedAt - b.recordedAt);
  const ders = await ctx.store.der(records.map(({ fingerprint }) => fingerprint));
  return records.map((record, index) => {
    const { extendedKeyUsage } = parseCertificate(ders[index] ?? new Uint8Array());
    const purposes =
      record.purpose === 'subordinate' ? ['CA'] : (extendedKeyUsage ?? []).map(purposeName);
    const status = record.state === 'revoked' ? 'revoked' : certificateLife(record, now);
    return { record, status, purposes };
  });
}
