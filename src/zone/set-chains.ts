import type { CertificateRecord } from './certificate-record.js';
import type { Fingerprint } from './fingerprint.js';
import type { MemberSet } from './member-set.js';

/** The cross-certificate that certifies the key of `subject` by the CA `issuer`. */
export function crossCertificate(
  records: readonly CertificateRecord[],
  direction: { readonly subject: number; readonly issuer: number },
): CertificateRecord | undefined {
  return records.find(
    (record) =>
      record.purpose === 'cross' &&
      record.subjectGeneration === direction.subject &&
      record.issuerGeneration === direction.issuer &&
      record.state !== 'cancelled' &&
      record.state !== 'retired',
  );
}

/**
 * What a certificate of generation `generation` must be sent with, while `other` is trusted too:
 * the cross-certificate of its own CA's key by the other CA, so that clients that know only the
 * other root build a path.
 */
export function chainBehind(
  records: readonly CertificateRecord[],
  generation: number,
  other: number | undefined,
): readonly Fingerprint[] {
  if (other === undefined || other === generation) return [];
  const cross = crossCertificate(records, { subject: generation, issuer: other });
  return cross === undefined ? [] : [cross.fingerprint];
}

/** Whether two sets would put the same bytes on disk, but for the keys. */
export function sameContent(a: MemberSet, b: Pick<MemberSet, 'leaf' | 'chain' | 'trust'>): boolean {
  return (
    a.leaf === b.leaf && a.chain.join() === b.chain.join() && a.trust.join() === b.trust.join()
  );
}
