import {
  describeEncryption,
  extensionWords,
  renderInstant,
  type ContainerItem,
  type Extension,
  type InspectedItem,
} from '../../src/index.js';

/** Label and raw value. */
export type Field = readonly [label: string, value: string];

const MOST_HEX = 512;
const MOST_REVOKED = 20;

/** Everything that is known about one thing, as fields for people; values are raw text. */
export function itemFields(inspected: InspectedItem): readonly Field[] {
  const { item } = inspected;
  return [
    ...(item.alias === null ? [] : [['alias', item.alias] as const]),
    ...contentFields(item),
    ...digestFields(inspected),
  ];
}

function contentFields(item: ContainerItem): readonly Field[] {
  switch (item.kind) {
    case 'certificate':
      return certificateFields(item);
    case 'request':
      return requestFields(item);
    case 'crl':
      return crlFields(item);
    case 'key':
    case 'public-key':
      return keyFields(item);
    case 'encrypted-key':
    case 'encrypted-part':
      return lockedFields(item);
    case 'other':
      return [['what', item.what]];
    case 'damaged':
      return [];
  }
}

function requestFields({ request }: Extract<ContainerItem, { kind: 'request' }>): readonly Field[] {
  return [
    ['subject', shown(request.subject.text)],
    ['key', request.key],
    ['signed with', request.signatureAlgorithmName],
    ...extensionFields(request.extensions),
  ];
}

function keyFields(item: Extract<ContainerItem, { kind: 'key' | 'public-key' }>): readonly Field[] {
  if (item.kind === 'public-key') return [['key', item.key]];
  return [
    ['key', item.key.key],
    ['written as', item.key.form],
  ];
}

function lockedFields(
  item: Extract<ContainerItem, { kind: 'encrypted-key' | 'encrypted-part' }>,
): readonly Field[] {
  const how: Field = ['encrypted with', describeEncryption(item.encrypted.method)];
  if (item.kind === 'encrypted-part') return [how];
  return [
    ['written as', item.form === 'PEM' ? `${item.label}, old PEM encryption` : 'PKCS#8'],
    how,
  ];
}

function certificateFields({
  certificate,
  trust,
}: Extract<ContainerItem, { kind: 'certificate' }>): readonly Field[] {
  return [
    ['subject', shown(certificate.subject.text)],
    ['issuer', shown(certificate.issuer.text)],
    ['serial number', certificate.serial],
    ['version', String(certificate.version)],
    ['valid from', renderInstant(certificate.notBefore)],
    ['valid to', renderInstant(certificate.notAfter)],
    ['key', certificate.key],
    ['signed with', certificate.signatureAlgorithmName],
    ...extensionFields(certificate.extensions),
    ...(trust?.trusted == null ? [] : [['trusted for', trust.trusted.join(', ')] as const]),
    ...(trust?.rejected == null ? [] : [['rejected for', trust.rejected.join(', ')] as const]),
  ];
}

function crlFields({ crl }: Extract<ContainerItem, { kind: 'crl' }>): readonly Field[] {
  const shownEntries = crl.revoked.slice(0, MOST_REVOKED);
  const more = crl.revoked.length - shownEntries.length;
  return [
    ['issuer', shown(crl.issuer.text)],
    ['version', String(crl.version)],
    ['made at', renderInstant(crl.thisUpdate)],
    ['next at', crl.nextUpdate === null ? 'not said' : renderInstant(crl.nextUpdate)],
    ['signed with', crl.signatureAlgorithmName],
    ...extensionFields(crl.extensions),
    ['revoked', String(crl.revoked.length)],
    ...shownEntries.map(({ serial, revokedAt, reason }): Field => [
      'revoked',
      `${serial} at ${renderInstant(revokedAt)}${reason === 0 ? '' : `, reason ${reason}`}`,
    ]),
    ...(more === 0 ? [] : [['revoked', `and ${more} more; --json shows all`] as const]),
  ];
}

function extensionFields(extensions: readonly Extension[]): readonly Field[] {
  return extensions.map((extension): Field => {
    const { name, words, damage, hex } = extensionWords(extension);
    const label = `${name ?? extension.oid}${extension.critical ? ' (critical)' : ''}`;
    if (name === null || damage !== null) {
      const why = damage === null ? '' : `cannot be read: ${damage}; `;
      return [label, `${why}#${shortened(hex)}`];
    }
    return [label, words.join(', ')];
  });
}

function digestFields({ fingerprints, spkiSha256 }: InspectedItem): readonly Field[] {
  const key: readonly Field[] = spkiSha256 === null ? [] : [['SHA-256 of the key', spkiSha256]];
  if (fingerprints === null) return key;
  const { sha256, sha1, md5 } = fingerprints;
  return [['SHA-256', sha256], ['SHA-1', sha1], ['MD5', md5], ...key];
}

function shortened(hex: string): string {
  if (hex.length <= MOST_HEX) return hex;
  return `${hex.slice(0, MOST_HEX)}… (${hex.length / 2} bytes, --json shows all)`;
}

function shown(name: string): string {
  return name === '' ? '(empty)' : name;
}
