import { createPrivateKey, createPublicKey } from 'node:crypto';

/** SubjectPublicKeyInfo of a PKCS#8 key of any kind; undefined when it cannot be opened. */
export function publicKeyOf(pkcs8: Uint8Array): Uint8Array | undefined {
  try {
    const der = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}
