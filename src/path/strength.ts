import type { Certificate } from '../x509/certificate.js';
import { readSignatureAlgorithm } from '../x509/signature-algorithm.js';
import type { Fault } from './path-problem.js';

/** Which keys and hash functions are strong enough. */
export interface Strength {
  readonly leastRsaBits: number;
  /** Other kinds of keys, as `Certificate.key` has them. */
  readonly keys: readonly string[];
  readonly hashes: readonly string[];
}

/**
 * NIST SP 800-131A revision 2 (RSA of 2048 bits, curves and hashes of 112 bits of security or more,
 * no DSA by FIPS 186-5) with the curves of FIPS 186-5 and RFC 5639.
 */
export const DEFAULT_STRENGTH: Strength = {
  leastRsaBits: 2048,
  keys: [
    'ec:P-256',
    'ec:P-384',
    'ec:P-521',
    'ec:brainpoolP256r1',
    'ec:brainpoolP384r1',
    'ec:brainpoolP512r1',
    'ed25519',
    'ed448',
  ],
  hashes: ['sha256', 'sha384', 'sha512'],
};

/** What is wrong with the key of a certificate; undefined: it is strong enough. */
export function keyFault({ key }: Certificate, strength: Strength): Fault | undefined {
  const bits = /^rsa(?:-pss)?:(\d+)$/u.exec(key)?.[1];
  if (bits === undefined ? strength.keys.includes(key) : Number(bits) >= strength.leastRsaBits) {
    return undefined;
  }
  return { code: 'weak-key', rfc: 'NIST SP 800-131A', fact: `has a key (${key}) that is too weak` };
}

/** What is wrong with how something is signed; undefined: it is strong enough. */
export function signatureFault(
  signed: Pick<Certificate, 'signatureAlgorithm' | 'signatureAlgorithmName'>,
  strength: Strength,
): Fault | undefined {
  const algorithm = readSignatureAlgorithm(signed.signatureAlgorithm);
  const strong =
    algorithm !== undefined && (!('hash' in algorithm) || strength.hashes.includes(algorithm.hash));
  if (strong) return undefined;
  const fact = `is signed with ${signed.signatureAlgorithmName}, which is too weak or not known`;
  return { code: 'weak-signature', rfc: 'NIST SP 800-131A', fact };
}
