import { berFieldsOf, berOctets } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';
import type { HashName, KeyDerivation } from './encryption-method.js';
import { readKdf, readPrf } from './read-encryption-method.js';

/** How the integrity of a PKCS#12 file is kept: an HMAC under a key from the passphrase. */
export interface Pkcs12Mac {
  /** Of the HMAC. */
  readonly hash: HashName;
  /** `pkcs12` in files of all times; PBKDF2 in those of RFC 9579. */
  readonly derivation: KeyDerivation;
  /** Octets of the HMAC key. */
  readonly keyLength: number;
  readonly digest: Uint8Array;
}

const PBMAC1 = '1.2.840.113549.1.5.14';

const HASHES: ReadonlyMap<string, readonly [hash: HashName, octets: number]> = new Map<
  string,
  readonly [HashName, number]
>([
  ['1.2.840.113549.2.5', ['md5', 16]],
  ['1.3.14.3.2.26', ['sha1', 20]],
  ['2.16.840.1.101.3.4.2.4', ['sha224', 28]],
  ['2.16.840.1.101.3.4.2.1', ['sha256', 32]],
  ['2.16.840.1.101.3.4.2.2', ['sha384', 48]],
  ['2.16.840.1.101.3.4.2.3', ['sha512', 64]],
  ['2.16.840.1.101.3.4.2.5', ['sha512-224', 28]],
  ['2.16.840.1.101.3.4.2.6', ['sha512-256', 32]],
]);
const MOST_KEY_OCTETS = 64;

/** Reads MacData (RFC 7292 §4, RFC 9579 §5). Throws `unreadable`. */
export function readMac(element: DerElement): Pkcs12Mac {
  const fields = berFieldsOf(element, TAG.sequence, 'the MAC');
  const info = berFieldsOf(fields.next(TAG.sequence, 'digest'), TAG.sequence, 'the MAC');
  const algorithm = info.next(TAG.sequence, 'algorithm');
  const digest = berOctets(info.any('digest'), 'the MAC');
  const salt = berOctets(fields.any('salt'), 'the salt');
  const rounds = fields.maybe(TAG.integer);
  fields.end();
  const inside = berFieldsOf(algorithm, TAG.sequence, 'the algorithm of the MAC');
  const oid = readOid(inside.next(TAG.oid, 'algorithm'));
  if (oid === PBMAC1) return { ...readPbmac1(inside.next(TAG.sequence, 'parameters')), digest };
  const [hash, keyLength] = HASHES.get(oid) ?? [];
  if (hash === undefined || keyLength === undefined) {
    throw derFault(algorithm.offset, `the MAC is made with ${oid}, which zmint does not know`);
  }
  const iterations = rounds === undefined ? 1 : readSmallInteger(rounds, 'the number of rounds');
  if (iterations === 0) throw derFault(element.offset, 'the number of rounds is zero');
  return { hash, derivation: { kind: 'pkcs12', hash, salt, iterations }, keyLength, digest };
}

function readPbmac1(parameters: DerElement): Omit<Pkcs12Mac, 'digest'> {
  const fields = berFieldsOf(parameters, TAG.sequence, 'the parameters');
  const { derivation, keyLength } = readKdf(fields.next(TAG.sequence, 'key derivation'));
  const hash = readPrf(fields.next(TAG.sequence, 'MAC'));
  if (keyLength === undefined || keyLength === 0 || keyLength > MOST_KEY_OCTETS) {
    throw derFault(parameters.offset, 'the MAC has a key of an odd length');
  }
  return { hash, derivation, keyLength };
}
