import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { Stanza, type Identity, type Recipient } from 'age-encryption';

const LABEL = Buffer.from('age-encryption.org/v1/scrypt');
const CIPHER = 'chacha20-poly1305';
const NONCE = new Uint8Array(12);
const TAG = { authTagLength: 16 };
const BLOCK = 8;
/**
 * What `age -p` and zmint write: about a second and 256 MiB. Each step more is twice that, and whoever
 * can put a file before somebody says how many (I-23).
 */
export const MOST_LOG_N = 18;

/**
 * The passphrase recipient of the age format (age-encryption.org/v1, "The scrypt recipient type") with
 * Node's scrypt: the package's own takes seconds in JavaScript, and wants the passphrase as a string,
 * which could not be wiped.
 *
 * @param logN - work factor, as a power of two
 */
export function passphraseRecipient(passphrase: Uint8Array, logN: number): Recipient {
  return {
    wrapFileKey: async (fileKey) => {
      const salt = randomBytes(16);
      const key = await derive(passphrase, salt, logN);
      const cipher = createCipheriv(CIPHER, key, NONCE, TAG);
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      key.fill(0);
      return [new Stanza(['scrypt', unpadded(salt), String(logN)], Uint8Array.from(body))];
    },
  };
}

/** The work factor that a header asks for, as a power of two; undefined for one of another kind. */
export function workFactor(stanzas: readonly Stanza[]): number | undefined {
  const [stanza] = stanzas;
  return stanza === undefined || stanzas.length > 1 ? undefined : findScrypt(stanza)?.logN;
}

/**
 * The opposite; answers null when the passphrase is another. Throws for a header of another kind, and
 * for one that asks for more than `MOST_LOG_N`.
 */
export function passphraseIdentity(passphrase: Uint8Array): Identity {
  return {
    unwrapFileKey: async (stanzas) => {
      const { salt, logN, body } = requireScrypt(stanzas);
      const key = await derive(passphrase, salt, logN);
      const decipher = createDecipheriv(CIPHER, key, NONCE, TAG);
      key.fill(0);
      decipher.setAuthTag(body.subarray(16));
      const fileKey = decipher.update(body.subarray(0, 16));
      try {
        decipher.final();
        return Uint8Array.from(fileKey);
      } catch {
        return null;
      }
    },
  };
}

interface ScryptStanza {
  readonly salt: Buffer;
  readonly logN: number;
  readonly body: Uint8Array;
}

function requireScrypt(stanzas: readonly Stanza[]): ScryptStanza {
  const [stanza] = stanzas;
  const found = stanza === undefined || stanzas.length > 1 ? undefined : findScrypt(stanza);
  if (found === undefined) throw new Error('not encrypted with a passphrase');
  if (found.logN > MOST_LOG_N) throw new Error('the work factor is too high');
  return found;
}

function findScrypt({ args, body }: Stanza): ScryptStanza | undefined {
  const [kind, text = '', work = ''] = args;
  const salt = Buffer.from(text, 'base64');
  if (kind !== 'scrypt' || args.length !== 3 || body.length !== 32) return undefined;
  if (salt.length !== 16 || unpadded(salt) !== text) return undefined;
  return /^[1-9]\d?$/u.test(work) ? { salt, logN: Number(work), body } : undefined;
}

function derive(passphrase: Uint8Array, salt: Uint8Array, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  const options = { N, r: BLOCK, p: 1, maxmem: 128 * BLOCK * (N + 3) + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.concat([LABEL, salt]), 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/u, '');
}
