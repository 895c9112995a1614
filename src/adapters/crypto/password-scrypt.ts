import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { Passwords } from '../../ports/passwords.js';
import type { PasswordHash } from '../../zone/password-hash.js';

/** What a derivation costs: 128·N·r octets of memory, N·r·p steps (RFC 7914, section 2). */
export type PasswordCost = Pick<PasswordHash, 'N' | 'r' | 'p'>;

/** 32 MiB, so that a service can check several at once. */
const COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };
const SALT_LENGTH = 16;
const HASH_LENGTH = 32;
const LEAST_N = 2 ** 15;
const MOST_N = 2 ** 20;
const MOST_P = 16;

/** Passwords by Node's scrypt; `cost` is that of what is hashed from now on. */
export function createScryptPasswords(cost: PasswordCost = COST): Passwords {
  // What is derived for a name that nobody has.
  const nobody: PasswordHash = {
    kdf: 'scrypt',
    ...cost,
    salt: randomBytes(SALT_LENGTH).toString('base64'),
    hash: randomBytes(HASH_LENGTH).toString('base64'),
  };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_LENGTH);
      const key = await derive(password, salt, cost);
      return {
        kdf: 'scrypt',
        ...cost,
        salt: salt.toString('base64'),
        hash: key.toString('base64'),
      };
    },
    async verify(password, hash) {
      const known = hash ?? nobody;
      requireBearable(known);
      const wanted = Buffer.from(known.hash, 'base64');
      const key = await derive(password, Buffer.from(known.salt, 'base64'), known);
      const same = wanted.length === key.length && timingSafeEqual(wanted, key);
      return same && hash !== undefined;
    },
  };
}

/** Less would be easy to guess at, more would take all memory. */
function requireBearable({ N, r, p }: PasswordCost): void {
  const bearable = N >= LEAST_N && N <= MOST_N && Number.isInteger(Math.log2(N));
  if (bearable && r === 8 && Number.isInteger(p) && p >= 1 && p <= MOST_P) return;
  throw new ZmintError('damaged', 'the cost of a password is outside of its bounds', {
    hint: 'set it anew: zmint admin passwd NAME',
  });
}

function derive(
  password: Uint8Array,
  salt: Uint8Array,
  { N, r, p }: PasswordCost,
): Promise<Buffer> {
  // OpenSSL counts 128·r·(N + p + 2) octets and a little for itself.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_LENGTH, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
