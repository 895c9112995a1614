import { TAG } from '../encoding/der-tag.js';
import {
  writeDer,
  writeOctetString,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../encoding/der-writer.js';
import { ZmintError } from '../errors.js';
import type { EncryptionMethod } from './encryption-method.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const SHA1_3DES = '1.2.840.113549.1.12.1.3';
const JKS = '1.3.6.1.4.1.42.2.17.1.1';

/** What NIST and OWASP ask of PBKDF2 with HMAC-SHA-256 today. */
const MODERN_ROUNDS = 600_000;
const OLD_ROUNDS = 50_000;

/** Octets of randomness that a method needs. */
export const METHOD_RANDOM_OCTETS = 32;

/** PBES2: AES-256-CBC under PBKDF2 with HMAC-SHA256; 32 random octets become salt and vector. */
export function modernMethod(random: Uint8Array): EncryptionMethod {
  return {
    kind: 'cipher',
    derivation: {
      kind: 'pbkdf2',
      hash: 'sha256',
      salt: random.slice(0, 16),
      iterations: MODERN_ROUNDS,
    },
    cipher: 'aes-256-cbc',
    iv: random.slice(16, 32),
  };
}

/** Triple DES in the manner of PKCS#12, which readers of 2000 understand. */
export function oldMethod(random: Uint8Array): EncryptionMethod {
  return {
    kind: 'cipher',
    derivation: { kind: 'pkcs12', hash: 'sha1', salt: random.slice(0, 8), iterations: OLD_ROUNDS },
    cipher: 'des-ede3-cbc',
    iv: null,
  };
}

/** The AlgorithmIdentifier of one of the methods that are written here, or of JKS. Throws `bug` for others. */
export function writeEncryptionMethod(method: EncryptionMethod): Uint8Array {
  if (method.kind === 'jks') return writeSequence(writeOid(JKS), writeDer(TAG.null));
  const { derivation, cipher, iv } = method;
  if (derivation.kind === 'pkcs12' && cipher === 'des-ede3-cbc') {
    const { salt, iterations } = derivation;
    return writeSequence(
      writeOid(SHA1_3DES),
      writeSequence(writeOctetString(salt), writeNumber(iterations)),
    );
  }
  if (derivation.kind !== 'pbkdf2' || derivation.hash !== 'sha256' || iv === null) {
    throw new ZmintError('bug', 'zmint writes no encryption of that kind');
  }
  const kdf = writeSequence(
    writeOid(PBKDF2),
    writeSequence(
      writeOctetString(derivation.salt),
      writeNumber(derivation.iterations),
      writeSequence(writeOid(HMAC_SHA256), writeDer(TAG.null)),
    ),
  );
  const scheme = writeSequence(writeOid(AES_256_CBC), writeOctetString(iv));
  return writeSequence(writeOid(PBES2), writeSequence(kdf, scheme));
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). Throws as `writeEncryptionMethod`. */
export function writeShroudedKey(method: EncryptionMethod, data: Uint8Array): Uint8Array {
  return writeSequence(writeEncryptionMethod(method), writeOctetString(data));
}

/** An INTEGER from 0 to 2^32 - 1. */
export function writeNumber(value: number): Uint8Array {
  return writeUnsigned(
    Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff),
  );
}
