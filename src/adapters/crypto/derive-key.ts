import { createHash, hash as hashOf, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { unreadable } from '../../encoding/unreadable.js';
import type { Passphrase } from '../../ports/container-crypto.js';
import type { KeyDerivation } from '../../x509/encryption-method.js';
import { bmpPassword, derivePkcs12, PURPOSE } from './pkcs12-derivation.js';

const pbkdf2Async = promisify(pbkdf2);

/** How many octets are wanted. */
export interface WantedOctets {
  readonly key: number;
  readonly iv: number;
}

/** A key, and an initialization vector where the derivation makes one too. */
export interface DerivedKey {
  readonly key: Buffer;
  readonly iv: Buffer;
}

const NOTHING = new Uint8Array();
const SCRYPT_MEMORY = 268_435_456;

/** Derives key and vector from a passphrase. Throws `unreadable` for MD2, which nobody has any more. */
export async function deriveKey(
  derivation: KeyDerivation,
  passphrase: Passphrase,
  wanted: WantedOctets,
): Promise<DerivedKey> {
  const octets = passphrase ?? NOTHING;
  switch (derivation.kind) {
    case 'pbkdf2': {
      const { salt, iterations, hash } = derivation;
      return { key: await pbkdf2Async(octets, salt, iterations, wanted.key, hash), iv: NO_IV };
    }
    case 'scrypt':
      return { key: await scryptKey(derivation, octets, wanted.key), iv: NO_IV };
    case 'pkcs12': {
      const password = bmpPassword(passphrase);
      return {
        key: derivePkcs12(derivation, password, PURPOSE.key, wanted.key),
        iv: derivePkcs12(derivation, password, PURPOSE.iv, wanted.iv),
      };
    }
    case 'openssl':
      return split(bytesToKey(octets, derivation.salt, wanted.key), wanted.key);
    case 'pbkdf1':
      return split(pbkdf1(derivation, octets), wanted.key);
    case 'jceks':
      return split(jceksOctets(derivation, octets), wanted.key);
  }
}

const NO_IV = Buffer.alloc(0);

function split(octets: Buffer, key: number): DerivedKey {
  return { key: octets.subarray(0, key), iv: octets.subarray(key, key + 8) };
}

function scryptKey(
  { salt, cost, blockSize, parallel }: Extract<KeyDerivation, { kind: 'scrypt' }>,
  passphrase: Uint8Array,
  length: number,
): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: parallel, maxmem: SCRYPT_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(unreadable('the parameters of scrypt are none', error));
    });
  });
}

/** EVP_BytesToKey with MD5 and one round. */
function bytesToKey(passphrase: Uint8Array, salt: Uint8Array, length: number): Buffer {
  let octets = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (octets.length < length) {
    last = createHash('md5').update(last).update(passphrase).update(salt).digest();
    octets = Buffer.concat([octets, last]);
  }
  return octets;
}

type Rounds = Extract<KeyDerivation, { kind: 'pbkdf1' | 'jceks' | 'pkcs12' }>;

function pbkdf1({ hash, salt, iterations }: Rounds, passphrase: Uint8Array): Buffer {
  if (hash === 'md2') throw unreadable('it is encrypted with a key made by MD2');
  let digest = createHash(hash).update(passphrase).update(salt).digest();
  for (let round = 1; round < iterations; round += 1) {
    digest = hashOf(hash, digest, 'buffer');
  }
  return digest;
}

/** Sun's PBEWithMD5AndTripleDES: each half of the salt is hashed with the passphrase again and again. */
function jceksOctets({ salt, iterations }: Rounds, passphrase: Uint8Array): Buffer {
  if (salt.length !== 8) throw unreadable('the salt of the protected key has not 8 bytes');
  const halves = [Buffer.from(salt.subarray(0, 4)), Buffer.from(salt.subarray(4))] as const;
  if (halves[0].equals(halves[1])) halves[0].reverse();
  return Buffer.concat(
    halves.map((half) => {
      let digest: Uint8Array = half;
      for (let round = 0; round < iterations; round += 1) {
        digest = hashOf('md5', Buffer.concat([digest, passphrase]), 'buffer');
      }
      return digest;
    }),
  );
}
