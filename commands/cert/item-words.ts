import { describeEncryption, type ContainerItem } from '../../src/index.js';

const KINDS: Readonly<Record<ContainerItem['kind'], string>> = {
  certificate: 'certificate',
  request: 'signing request',
  crl: 'revocation list',
  key: 'private key',
  'public-key': 'public key',
  'encrypted-key': 'encrypted key',
  'encrypted-part': 'encrypted part',
  damaged: 'damaged',
  other: 'other',
};

/** What a thing is, in two or three words. */
export function kindWords(item: ContainerItem): string {
  return item.kind === 'certificate' && item.certificate.isCa ? 'CA certificate' : KINDS[item.kind];
}

/** Whose it is or what it holds, as raw text: the caller escapes it. */
export function ownerWords(item: ContainerItem): string {
  switch (item.kind) {
    case 'certificate':
      return item.certificate.subject.text;
    case 'request':
      return item.request.subject.text;
    case 'crl':
      return item.crl.issuer.text;
    case 'key':
      return item.key.key;
    case 'public-key':
      return item.key;
    case 'encrypted-key':
    case 'encrypted-part':
      return describeEncryption(item.encrypted.method);
    case 'damaged':
      return '';
    case 'other':
      return item.what;
  }
}

/** The formats by their names for people. */
export const FORMAT_WORDS = {
  pem: 'PEM',
  der: 'DER',
  pkcs7: 'PKCS#7',
  pkcs12: 'PKCS#12',
  jks: 'Java keystore (JKS)',
  jceks: 'Java keystore (JCEKS)',
} as const;
