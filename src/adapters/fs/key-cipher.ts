import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { authenticatedData, type Kdf, type KeyEnvelope, type KeyHeader } from './key-envelope.js';

const CIPHER = 'aes-256-gcm';
const KEY_LENGTH = 32;
const TAG = { authTagLength: 16 };

/** A fresh salt for a passphrase; N is the work factor of scrypt. */
export function freshScrypt(workFactor: number): Kdf {
  return { name: 'scrypt', N: workFactor, r: 8, p: 1, salt: randomBytes(32) };
}

/** A fresh 32-byte key for `ca.unlock`, or 12 bytes for a nonce. */
export function freshBytes(length: 12 | 32): Uint8Array {
  return randomBytes(length);
}

/** The AES key of an envelope from its secret: a passphrase, or the bytes of `ca.unlock`. */
export function deriveKey(kdf: Kdf, secret: Uint8Array): Promise<Uint8Array> {
  if (kdf.name === 'file') return Promise.resolve(Uint8Array.from(secret));
  const { N, r, p, salt } = kdf;
  // OpenSSL counts 128·r·(N + p + 2) octets and a little for itself.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_LENGTH, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Locks a private key. */
export function lockKey(pkcs8: Uint8Array, header: KeyHeader, key: Uint8Array): KeyEnvelope {
  const cipher = createCipheriv(CIPHER, key, header.nonce, TAG);
  cipher.setAAD(authenticatedData(header));
  const ciphertext = cipher.update(pkcs8);
  cipher.final();
  return { header, ciphertext, tag: cipher.getAuthTag() };
}

/** The PKCS#8 of a locked key, to be wiped by the caller; undefined when the AES key is another. */
export function unlockKey(envelope: KeyEnvelope, key: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv(CIPHER, key, envelope.header.nonce, TAG);
  decipher.setAAD(authenticatedData(envelope.header));
  decipher.setAuthTag(envelope.tag);
  const pkcs8 = decipher.update(envelope.ciphertext);
  try {
    decipher.final();
    return pkcs8;
  } catch {
    pkcs8.fill(0);
    return undefined;
  }
}
