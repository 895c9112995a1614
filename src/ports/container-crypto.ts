import type { EncryptedData } from '../x509/container.js';
import type { EncryptionMethod } from '../x509/encryption-method.js';
import type { Pkcs12Mac } from '../x509/pkcs12-mac.js';

/** UTF-8 octets; null: no passphrase at all, which PKCS#12 tells from an empty one (RFC 7292 appendix B.1). */
export type Passphrase = Uint8Array | null;

/** What files with keys are encrypted and kept whole with, old and new. The caller limits the rounds. */
export interface ContainerCrypto {
  /**
   * Undefined when the passphrase is certainly wrong; a wrong one may also give nonsense. Throws
   * `unreadable` for a method that cannot be done here.
   */
  decrypt(encrypted: EncryptedData, passphrase: Passphrase): Promise<Uint8Array | undefined>;
  /** Throws `bug` for a method without a cipher of its own. */
  encrypt(method: EncryptionMethod, data: Uint8Array, passphrase: Passphrase): Promise<Uint8Array>;
  /** The MAC that a PKCS#12 with this data must have. */
  mac(
    mac: Omit<Pkcs12Mac, 'digest'>,
    data: Uint8Array,
    passphrase: Passphrase,
  ): Promise<Uint8Array>;
  sha1(data: Uint8Array): Uint8Array;
  /** SubjectPublicKeyInfo of a PKCS#8 key of any kind; undefined when it cannot be opened. */
  publicKeyOf(pkcs8: Uint8Array): Uint8Array | undefined;
}
