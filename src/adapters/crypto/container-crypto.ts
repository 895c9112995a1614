import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { ContainerCrypto, Passphrase } from '../../ports/container-crypto.js';
import type { CipherName, EncryptionMethod } from '../../x509/encryption-method.js';
import { openProtectedKey } from '../../x509/jks.js';
import { deriveKey, type DerivedKey } from './derive-key.js';
import { applyRc4, decryptRc2 } from './old-ciphers.js';
import { bmpPassword, derivePkcs12, PURPOSE } from './pkcs12-derivation.js';
import { publicKeyOf } from './public-key-of.js';
import { sha1 } from './sha1.js';

type CipherMethod = Extract<EncryptionMethod, { kind: 'cipher' }>;

const KEY_OCTETS: Readonly<Record<CipherName, number>> = {
  'aes-128-cbc': 16,
  'aes-192-cbc': 24,
  'aes-256-cbc': 32,
  'des-ede3-cbc': 24,
  'des-ede-cbc': 16,
  'des-cbc': 8,
  'rc2-40-cbc': 5,
  'rc2-64-cbc': 8,
  'rc2-128-cbc': 16,
  'rc4-40': 5,
  'rc4-128': 16,
};
const OLD_BLOCK = 8;

/** Encryption under passphrases by node:crypto; RC2 by node-forge. */
export function createContainerCrypto(): ContainerCrypto {
  return {
    decrypt: async ({ method, data }, passphrase) => {
      if (method.kind === 'jks') return openProtectedKey(data, passphrase ?? NOTHING, sha1);
      return plain(await decryptWith(method, await keyFor(method, passphrase), data));
    },
    encrypt: async (method, data, passphrase) => {
      if (method.kind === 'jks') throw new ZmintError('bug', 'JKS protects keys by itself');
      const { key, iv } = await keyFor(method, passphrase);
      const cipher = createCipheriv(nodeCipher(method.cipher), tripled(method.cipher, key), iv);
      return Uint8Array.from(Buffer.concat([cipher.update(data), cipher.final()]));
    },
    mac: async ({ hash, derivation, keyLength }, data, passphrase) => {
      const key =
        derivation.kind === 'pkcs12'
          ? derivePkcs12(derivation, bmpPassword(passphrase), PURPOSE.mac, keyLength)
          : (await deriveKey(derivation, passphrase, { key: keyLength, iv: 0 })).key;
      return Uint8Array.from(createHmac(hash, key).update(data).digest());
    },
    sha1,
    publicKeyOf,
  };
}

const NOTHING = new Uint8Array();

async function keyFor(method: CipherMethod, passphrase: Passphrase): Promise<DerivedKey> {
  const wanted = { key: KEY_OCTETS[method.cipher], iv: method.cipher.startsWith('rc4') ? 0 : 8 };
  const derived = await deriveKey(method.derivation, passphrase, wanted);
  return method.iv === null ? derived : { key: derived.key, iv: Buffer.from(method.iv) };
}

async function decryptWith(
  { cipher }: CipherMethod,
  { key, iv }: DerivedKey,
  data: Uint8Array,
): Promise<Buffer | undefined> {
  if (cipher.startsWith('rc4')) return applyRc4(key, data);
  const bits = /^rc2-(\d+)-cbc$/u.exec(cipher)?.[1];
  if (bits !== undefined) return decryptRc2({ key, iv, bits: Number(bits) }, data);
  try {
    const decipher = createDecipheriv(nodeCipher(cipher), tripled(cipher, key), iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    // Wrong padding, or a length that is no multiple of the block.
    return undefined;
  } finally {
    key.fill(0);
  }
}

/** OpenSSL 3 has single DES no more; triple DES under three equal keys is the same. */
function nodeCipher(cipher: CipherName): string {
  return cipher.startsWith('des') ? 'des-ede3-cbc' : cipher;
}

function tripled(cipher: CipherName, key: Buffer): Buffer {
  if (cipher === 'des-cbc') return Buffer.concat([key, key, key]);
  if (cipher === 'des-ede-cbc') return Buffer.concat([key, key.subarray(0, OLD_BLOCK)]);
  return key;
}

function plain(octets: Buffer | undefined): Uint8Array | undefined {
  return octets === undefined ? undefined : Uint8Array.from(octets);
}
