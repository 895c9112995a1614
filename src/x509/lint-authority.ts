import type { Certificate } from './certificate.js';

/**
 * What keeps a certificate that was signed elsewhere from being that of a CA which signs servers
 * (RFC 5280 §4.2.1.2, §4.2.1.3, §4.2.1.9), in words; empty when nothing does.
 */
export function lintAuthority(certificate: Certificate): readonly string[] {
  const { isCa, keyUsage, subjectKeyId, subject, version } = certificate;
  if (!isCa) return ['is not the certificate of a CA'];
  const rules: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [version === 3, `is of version ${version}`],
    [subject.attributes.length > 0, 'has an empty subject'],
    [keyUsage?.includes('keyCertSign') ?? true, 'may not sign certificates by its key usage'],
    [subjectKeyId !== null, 'has no subject key identifier'],
  ];
  return rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}
