import { fromHex } from '../encoding/hex.js';
import type { PemBlock } from '../encoding/pem.js';
import { unreadable } from '../encoding/unreadable.js';
import type { CipherName, EncryptionMethod } from './encryption-method.js';

const CIPHERS: ReadonlyMap<string, CipherName> = new Map([
  ['AES-128-CBC', 'aes-128-cbc'],
  ['AES-192-CBC', 'aes-192-cbc'],
  ['AES-256-CBC', 'aes-256-cbc'],
  ['DES-EDE3-CBC', 'des-ede3-cbc'],
  ['DES-CBC', 'des-cbc'],
]);
/** Cipher and initialization vector; the vector in whole octets. */
const DEK_INFO = /^([A-Z0-9-]{1,40}), ?((?:[0-9A-Fa-f]{2}){8,16})$/u;
const SALT_OCTETS = 8;

/**
 * How a PEM block with the headers `Proc-Type` and `DEK-Info` is encrypted (RFC 1421 §4.6 as OpenSSL
 * writes it); undefined when it has no such headers. Throws `unreadable` for a cipher that zmint does
 * not know and for half of the headers.
 */
export function oldPemEncryption({ headers }: PemBlock): EncryptionMethod | undefined {
  if (headers.size === 0) return undefined;
  const isEncrypted = /^4, ?ENCRYPTED$/u.test(headers.get('proc-type') ?? '');
  const match = DEK_INFO.exec(headers.get('dek-info') ?? '');
  if (!isEncrypted || match === null) throw unreadable('the headers of the block are damaged');
  return methodOf(match[1] ?? '', fromHex(match[2] ?? ''));
}

function methodOf(name: string, iv: Uint8Array): EncryptionMethod {
  const cipher = CIPHERS.get(name);
  if (cipher === undefined) {
    throw unreadable(`it is encrypted with ${name}, which zmint cannot open`);
  }
  if (iv.length !== (cipher.startsWith('aes') ? 16 : 8)) {
    throw unreadable('the DEK-Info header has an initialization vector of the wrong length');
  }
  const derivation = { kind: 'openssl', salt: iv.subarray(0, SALT_OCTETS) } as const;
  return { kind: 'cipher', derivation, cipher, iv };
}
