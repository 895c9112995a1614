import { ZmintError } from '../errors.js';
import { unreadable } from '../encoding/unreadable.js';
import type { KeyDerivation } from './encryption-method.js';

/** One unit is about one round of HMAC; a million take about half a second. */
const MOST_FOR_ONE = 2_500_000;
const MOST_MEMORY = 134_217_728;
const MOST_SALT = 1024;

/** Counts the work that the passphrases of a file cost, so that a hostile file cannot keep a machine busy. */
export interface WorkBudget {
  /** Throws `unreadable` when this derivation, or all of them together, would take too long. */
  charge(derivation: KeyDerivation): void;
  /** As `charge`, but says false instead. */
  affords(derivation: KeyDerivation): boolean;
}

/** A budget of so many units for one file. */
export function createWorkBudget(units: number): WorkBudget {
  let left = units;
  const affords = (derivation: KeyDerivation): boolean => {
    const cost = costOf(derivation);
    if (cost > MOST_FOR_ONE) return false;
    left -= cost;
    return left >= 0;
  };
  return {
    affords,
    charge: (derivation) => {
      if (!affords(derivation)) throw tooMuch();
    },
  };
}

function costOf(derivation: KeyDerivation): number {
  if (derivation.salt.length > MOST_SALT) {
    throw unreadable(`the salt has more than ${MOST_SALT} bytes`);
  }
  switch (derivation.kind) {
    case 'scrypt': {
      const { cost, blockSize, parallel } = derivation;
      return 128 * cost * blockSize > MOST_MEMORY ? Infinity : cost * blockSize * parallel;
    }
    case 'pkcs12':
      // Outside OpenSSL, each round by itself.
      return 4 * derivation.iterations;
    case 'openssl':
      return 4;
    case 'pbkdf2':
      return derivation.iterations;
    case 'pbkdf1':
    case 'jceks':
      return 4 * derivation.iterations;
  }
}

function tooMuch(): ZmintError {
  return new ZmintError('unreadable', 'its passphrase asks for more work than zmint does', {
    hint: 'write the file anew with fewer rounds, for example 600000 of PBKDF2',
  });
}
