import type { Certificate } from './certificate.js';
import type { CertificateList } from './certificate-list.js';
import type { CertificationRequest } from './certification-request.js';
import type { EncryptionMethod } from './encryption-method.js';
import type { PrivateKey } from './private-key.js';

/** Where in a file something is, and what it is called there. */
export interface ItemPlace {
  /** `block 2 (line 31)`, `entry 1`, empty when it is the whole file. */
  readonly where: string;
  /** Friendly name or alias, as it was written: escape it before printing. */
  readonly alias: string | null;
  /** Of PKCS#12, hexadecimal: ties a key to its certificate. */
  readonly localKeyId: string | null;
}

/** Something encrypted, and how. */
export interface EncryptedData {
  readonly method: EncryptionMethod;
  readonly data: Uint8Array;
}

/** What OpenSSL's TRUSTED CERTIFICATE says beside the certificate. */
export interface TrustSettings {
  /** Object identifiers of purposes; null: nothing is said. */
  readonly trusted: readonly string[] | null;
  readonly rejected: readonly string[] | null;
}

/** One thing in a file. */
export type ItemContent =
  | {
      readonly kind: 'certificate';
      readonly certificate: Certificate;
      readonly trust: TrustSettings | null;
    }
  | { readonly kind: 'request'; readonly request: CertificationRequest }
  | { readonly kind: 'crl'; readonly crl: CertificateList }
  | { readonly kind: 'key'; readonly key: PrivateKey }
  | { readonly kind: 'public-key'; readonly spki: Uint8Array; readonly key: string }
  /** A private key that no passphrase opened. */
  | {
      readonly kind: 'encrypted-key';
      /** PKCS#8, or the old PEM encryption of another form. */
      readonly form: 'PKCS#8' | 'PEM';
      readonly label: string;
      readonly encrypted: EncryptedData;
    }
  /** A part of a PKCS#12 that no passphrase opened: certificates or keys, nobody knows how many. */
  | { readonly kind: 'encrypted-part'; readonly encrypted: EncryptedData }
  /** Something that is there and cannot be read. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** Something that has a place in such files but nothing to show: parameters, a secret. */
  | { readonly kind: 'other'; readonly what: string };

export type ContainerItem = ItemPlace & ItemContent;

export type ContainerFormat = 'pem' | 'der' | 'pkcs7' | 'pkcs12' | 'jks' | 'jceks';

/** What is in a file. */
export interface Container {
  readonly format: ContainerFormat;
  readonly items: readonly ContainerItem[];
  /** Facts about the file as a whole, in words. */
  readonly notes: readonly string[];
}
