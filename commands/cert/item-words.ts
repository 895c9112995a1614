import { describeEncryption, type ContainerItem } from '../../src/index.js';

/** What a thing is, in two or three words. */
export function kindWords(item: ContainerItem): string {
  switch (item.kind) {
    case 'certificate':
      return item.certificate.isCa ? 'CA certificate' : 'certificate';
    case 'request':
      return 'signing request';
    case 'crl':
      return 'revocation list';
    case 'key':
      return 'private key';
    case 'public-key':
      return 'public key';
    case 'encrypted-key':
      return 'encrypted key';
    case 'encrypted-part':
      return 'encrypted part';
    case 'other':
      return 'other';
  }
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
