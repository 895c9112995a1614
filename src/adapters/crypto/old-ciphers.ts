import { unreadable } from '../../encoding/unreadable.js';

/**
 * RC2 in CBC mode (RFC 2268), decrypted by node-forge, which is loaded only now: OpenSSL 3 has no RC2
 * any more. Undefined when the padding is wrong.
 */
export async function decryptRc2(
  { key, iv, bits }: { readonly key: Buffer; readonly iv: Buffer; readonly bits: number },
  data: Uint8Array,
): Promise<Buffer | undefined> {
  if (data.length === 0 || data.length % 8 !== 0) return undefined;
  const { default: forge } = await import('node-forge');
  const cipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), bits);
  cipher.start(iv.toString('latin1'), forge.util.createBuffer());
  cipher.update(forge.util.createBuffer(Buffer.from(data).toString('latin1')));
  if (!cipher.finish()) return undefined;
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/** RC4, for the oldest PKCS#12 files. */
export function applyRc4(key: Uint8Array, data: Uint8Array): Buffer {
  if (key.length === 0) throw unreadable('RC4 needs a key');
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  let other = 0;
  for (let index = 0; index < 256; index += 1) {
    other = (other + (state[index] ?? 0) + (key[index % key.length] ?? 0)) & 0xff;
    swap(state, index, other);
  }
  let at = 0;
  other = 0;
  return Buffer.from(
    data.map((octet) => {
      at = (at + 1) & 0xff;
      other = (other + (state[at] ?? 0)) & 0xff;
      swap(state, at, other);
      return octet ^ (state[((state[at] ?? 0) + (state[other] ?? 0)) & 0xff] ?? 0);
    }),
  );
}

function swap(state: Uint8Array, a: number, b: number): void {
  const kept = state[a] ?? 0;
  state[a] = state[b] ?? 0;
  state[b] = kept;
}
