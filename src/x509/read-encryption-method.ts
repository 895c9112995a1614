import { berFieldsOf, berOctets } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import type { DerFields } from '../encoding/der-fields.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';
import type { CipherName, EncryptionMethod, HashName, KeyDerivation } from './encryption-method.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const JKS = '1.3.6.1.4.1.42.2.17.1.1';
const JCEKS = '1.3.6.1.4.1.42.2.19.1';
const RC2 = '1.2.840.113549.3.2';

const PRFS: ReadonlyMap<string, HashName> = new Map([
  ['1.2.840.113549.2.6', 'md5'],
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
  ['1.2.840.113549.2.12', 'sha512-224'],
  ['1.2.840.113549.2.13', 'sha512-256'],
]);

const CIPHERS: ReadonlyMap<string, CipherName> = new Map([
  ['2.16.840.1.101.3.4.1.2', 'aes-128-cbc'],
  ['2.16.840.1.101.3.4.1.22', 'aes-192-cbc'],
  ['2.16.840.1.101.3.4.1.42', 'aes-256-cbc'],
  ['1.2.840.113549.3.7', 'des-ede3-cbc'],
  ['1.3.14.3.2.7', 'des-cbc'],
]);

/** RFC 2268 §6: how RC2 writes its effective key bits. */
const RC2_VERSIONS: ReadonlyMap<number, CipherName> = new Map([
  [160, 'rc2-40-cbc'],
  [120, 'rc2-64-cbc'],
  [58, 'rc2-128-cbc'],
]);

type OldScheme = readonly [kind: 'pkcs12' | 'pbkdf1', hash: HashName, cipher: CipherName];

const OLD_SCHEMES: ReadonlyMap<string, OldScheme> = new Map<string, OldScheme>([
  ['1.2.840.113549.1.5.1', ['pbkdf1', 'md2', 'des-cbc']],
  ['1.2.840.113549.1.5.3', ['pbkdf1', 'md5', 'des-cbc']],
  ['1.2.840.113549.1.5.4', ['pbkdf1', 'md2', 'rc2-64-cbc']],
  ['1.2.840.113549.1.5.6', ['pbkdf1', 'md5', 'rc2-64-cbc']],
  ['1.2.840.113549.1.5.10', ['pbkdf1', 'sha1', 'des-cbc']],
  ['1.2.840.113549.1.5.11', ['pbkdf1', 'sha1', 'rc2-64-cbc']],
  ['1.2.840.113549.1.12.1.1', ['pkcs12', 'sha1', 'rc4-128']],
  ['1.2.840.113549.1.12.1.2', ['pkcs12', 'sha1', 'rc4-40']],
  ['1.2.840.113549.1.12.1.3', ['pkcs12', 'sha1', 'des-ede3-cbc']],
  ['1.2.840.113549.1.12.1.4', ['pkcs12', 'sha1', 'des-ede-cbc']],
  ['1.2.840.113549.1.12.1.5', ['pkcs12', 'sha1', 'rc2-128-cbc']],
  ['1.2.840.113549.1.12.1.6', ['pkcs12', 'sha1', 'rc2-40-cbc']],
]);

/**
 * Reads the AlgorithmIdentifier of something encrypted under a passphrase: PBES2 with PBKDF2 or
 * scrypt (RFC 8018, RFC 7914), PBES1, those of PKCS#12 (RFC 7292 appendix C), JKS and JCEKS. Throws
 * `unreadable`, naming the object identifier, for any other.
 */
export function readEncryptionMethod(element: DerElement): EncryptionMethod {
  const fields = berFieldsOf(element, TAG.sequence, 'the encryption algorithm');
  const oid = readOid(fields.next(TAG.oid, 'algorithm'));
  if (oid === JKS) return { kind: 'jks' };
  if (oid === PBES2) return readPbes2(fields.next(TAG.sequence, 'parameters'));
  const old = OLD_SCHEMES.get(oid);
  if (old === undefined && oid !== JCEKS) {
    throw derFault(element.offset, `the encryption algorithm ${oid} is none that zmint knows`);
  }
  const [kind, hash, cipher] = old ?? (['jceks', 'md5', 'des-ede3-cbc'] as const);
  const { salt, iterations } = readSaltAndRounds(fields.next(TAG.sequence, 'parameters'));
  return { kind: 'cipher', derivation: { kind, hash, salt, iterations }, cipher, iv: null };
}

/** The hash function of a PRF's AlgorithmIdentifier (RFC 8018 appendix B.1). Throws `unreadable`. */
export function readPrf(element: DerElement): HashName {
  const fields = berFieldsOf(element, TAG.sequence, 'the pseudo-random function');
  const oid = readOid(fields.next(TAG.oid, 'algorithm'));
  const hash = PRFS.get(oid);
  if (hash !== undefined) return hash;
  throw derFault(element.offset, `the pseudo-random function ${oid} is none that zmint knows`);
}

/** The key derivation of PBES2 or PBMAC1, and the key length that it names. Throws `unreadable`. */
export function readKdf(element: DerElement): {
  readonly derivation: KeyDerivation;
  readonly keyLength: number | undefined;
} {
  const fields = berFieldsOf(element, TAG.sequence, 'the key derivation');
  const oid = readOid(fields.next(TAG.oid, 'algorithm'));
  const parameters = fields.next(TAG.sequence, 'parameters');
  const inside = berFieldsOf(parameters, TAG.sequence, 'the parameters');
  if (oid === PBKDF2) return readPbkdf2(inside);
  if (oid === SCRYPT) return readScrypt(inside, parameters);
  throw derFault(element.offset, `the key derivation ${oid} is none that zmint knows`);
}

function readPbes2(parameters: DerElement): EncryptionMethod {
  const fields = berFieldsOf(parameters, TAG.sequence, 'the parameters');
  const { derivation, keyLength } = readKdf(fields.any('key derivation'));
  const scheme = fields.next(TAG.sequence, 'cipher');
  const { cipher, iv } = readCipher(scheme);
  if (keyLength !== undefined && keyLength !== KEY_OCTETS[cipher]) {
    throw derFault(scheme.offset, `${cipher} has no keys of ${keyLength} octets`);
  }
  return { kind: 'cipher', derivation, cipher, iv };
}

const KEY_OCTETS: Readonly<Partial<Record<CipherName, number>>> = {
  'aes-128-cbc': 16,
  'aes-192-cbc': 24,
  'aes-256-cbc': 32,
  'des-ede3-cbc': 24,
  'des-cbc': 8,
  'rc2-40-cbc': 5,
  'rc2-64-cbc': 8,
  'rc2-128-cbc': 16,
};

function readPbkdf2(fields: DerFields) {
  const salt = berOctets(fields.any('salt'), 'the salt');
  const iterations = readRounds(fields.next(TAG.integer, 'rounds'));
  const length = fields.maybe(TAG.integer);
  const prf = fields.peek();
  return {
    derivation: {
      kind: 'pbkdf2',
      hash: prf === undefined ? 'sha1' : readPrf(prf),
      salt,
      iterations,
    },
    keyLength: length === undefined ? undefined : readSmallInteger(length, 'the key length'),
  } as const;
}

function readScrypt(fields: DerFields, parameters: DerElement) {
  const salt = berOctets(fields.any('salt'), 'the salt');
  const number = (what: string): number => readRounds(fields.next(TAG.integer, what));
  const cost = number('cost');
  const blockSize = number('block size');
  const parallel = number('parallelization');
  const length = fields.maybe(TAG.integer);
  if (cost < 2 || !Number.isInteger(Math.log2(cost))) {
    throw derFault(parameters.offset, 'the cost of scrypt is no power of two');
  }
  return {
    derivation: { kind: 'scrypt', salt, cost, blockSize, parallel },
    keyLength: length === undefined ? undefined : readSmallInteger(length, 'the key length'),
  } as const;
}

function readCipher(element: DerElement): { cipher: CipherName; iv: Uint8Array } {
  const fields = berFieldsOf(element, TAG.sequence, 'the cipher');
  const oid = readOid(fields.next(TAG.oid, 'algorithm'));
  if (oid === RC2) return readRc2(fields.next(TAG.sequence, 'parameters'));
  const cipher = CIPHERS.get(oid);
  if (cipher === undefined) {
    throw derFault(element.offset, `the cipher ${oid} is none that zmint knows`);
  }
  const iv = berOctets(fields.any('initialization vector'), 'the initialization vector');
  if (iv.length === (cipher.startsWith('aes') ? 16 : 8)) return { cipher, iv };
  throw derFault(element.offset, 'the initialization vector has the wrong length');
}

function readRc2(parameters: DerElement): { cipher: CipherName; iv: Uint8Array } {
  const fields = berFieldsOf(parameters, TAG.sequence, 'the parameters of RC2');
  const version = readSmallInteger(fields.next(TAG.integer, 'version'), 'the version of RC2');
  const iv = berOctets(fields.any('initialization vector'), 'the initialization vector');
  const cipher = RC2_VERSIONS.get(version);
  if (cipher !== undefined && iv.length === 8) return { cipher, iv };
  throw derFault(parameters.offset, 'RC2 has a key length that zmint does not know');
}

function readSaltAndRounds(parameters: DerElement): { salt: Uint8Array; iterations: number } {
  const fields = berFieldsOf(parameters, TAG.sequence, 'the parameters');
  const salt = berOctets(fields.any('salt'), 'the salt');
  return { salt, iterations: readRounds(fields.next(TAG.integer, 'rounds')) };
}

function readRounds(element: DerElement): number {
  const rounds = readSmallInteger(element, 'the number of rounds');
  if (rounds > 0) return rounds;
  throw derFault(element.offset, 'the number of rounds is zero');
}
