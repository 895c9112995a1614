import type { CertificateRecord } from './certificate-record.js';
import type { Fingerprint } from './fingerprint.js';

/** The cross-certificate that certifies the key of `subject` by the CA `issuer`. */
function crossCertificate(
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
