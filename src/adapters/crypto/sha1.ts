import { createHash } from 'node:crypto';

/** SHA-1, which JKS and old PKCS#12 are made with. */
export function sha1(data: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha1').update(data).digest());
}
