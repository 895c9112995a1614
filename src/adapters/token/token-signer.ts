import { hash } from 'node:crypto';
import type { Handle } from 'pkcs11js';
import { ZmintError } from '../../errors.js';
import { fromHex, toHex } from '../../encoding/hex.js';
import { writeSequence, writeUnsigned } from '../../encoding/der-writer.js';
import type { Signer } from '../../ports/keys.js';
import type { KeySpec } from '../../zone/key-spec.js';
import { schemeOf } from '../crypto/signature-scheme.js';
import { CKM } from './cryptoki.js';
import type { TokenSession } from './token-session.js';

/** DigestInfo for SHA-256 without the hash itself (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = '3031300d060960864801650304020105000420';

/** A private key in a token and its public half. */
export interface TokenKeyHandle {
  readonly session: TokenSession;
  readonly handle: Handle;
  readonly spec: KeySpec;
  readonly spki: Uint8Array;
}

/**
 * Signs in the token: what is signed is hashed here, so that only the digest travels (Ed25519 hashes
 * by itself). After `close`, `sign` and `signMany` throw `bug`; the session stays.
 */
export function createTokenSigner({ session, handle, spec, spki }: TokenKeyHandle): Signer {
  const { algorithm, hash: hashName } = schemeOf(spec);
  let isOpen = true;
  const sign = async (data: Uint8Array): Promise<Uint8Array> => {
    if (!isOpen) throw new ZmintError('bug', 'a key was used after it was closed');
    const digest = hashName === null ? data : hash(hashName, data, 'buffer');
    if (spec === 'ed25519') return session.sign(CKM.eddsa, handle, digest);
    if (spec.startsWith('rsa:')) {
      return session.sign(CKM.rsaPkcs, handle, fromHex(SHA256_DIGEST_INFO + toHex(digest)));
    }
    return ecdsaValue(await session.sign(CKM.ecdsa, handle, digest));
  };
  return {
    spec,
    spki,
    algorithm,
    sign,
    signMany: async (list) => {
      const signatures: Uint8Array[] = [];
      for (const data of list) signatures.push(await sign(data));
      return signatures;
    },
    close: () => {
      isOpen = false;
    },
  };
}

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3) of r and s behind each other, as PKCS#11 gives them. */
function ecdsaValue(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return writeSequence(writeUnsigned(raw.subarray(0, half)), writeUnsigned(raw.subarray(half)));
}
