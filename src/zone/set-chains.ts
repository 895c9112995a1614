import { authoritySends, type Authority } from './authority.js';
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

/** What a chain is put together from. */
export interface ChainSource {
  readonly authorities: readonly Authority[];
  readonly authorityCertificates: readonly CertificateRecord[];
}

/**
 * What a certificate of generation `generation` must be sent with while `other` is trusted too: what
 * stands between it and its own root, where the CA is a subordinate one; and the cross-certificate of
 * its CA's key by the other CA, so that clients that know only the other root build a path.
 */
export function chainBehind(
  source: ChainSource,
  generation: number,
  other: number | undefined,
): readonly Fingerprint[] {
  const own = source.authorities
    .filter((authority) => authority.generation === generation)
    .flatMap(authoritySends);
  return [...own, ...crossBehind(source, generation, other)];
}

/** The cross-certificate alone. */
export function crossBehind(
  { authorityCertificates }: Pick<ChainSource, 'authorityCertificates'>,
  generation: number,
  other: number | undefined,
): readonly Fingerprint[] {
  if (other === undefined || other === generation) return [];
  const cross = crossCertificate(authorityCertificates, { subject: generation, issuer: other });
  return cross === undefined ? [] : [cross.fingerprint];
}
