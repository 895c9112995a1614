import { sign, type KeyObject } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { Signer } from '../../ports/keys.js';
import type { OpenedKey } from './open-key.js';
import { schemeOf, type SignatureScheme } from './signature-scheme.js';

/** A signer for an opened key; signatures are computed on the thread pool. After `close`, `sign` throws `bug`. */
export function createSigner(opened: Omit<OpenedKey, 'pkcs8'>): Signer {
  const scheme = schemeOf(opened.spec);
  let key: KeyObject | undefined = opened.key;
  return {
    spec: opened.spec,
    spki: opened.spki,
    algorithm: scheme.algorithm,
    sign: async (data) => {
      if (key === undefined) throw new ZmintError('bug', 'a key was used after it was closed');
      return signOnPool(key, scheme, data);
    },
    close: () => {
      key = undefined;
    },
  };
}

function signOnPool(
  key: KeyObject,
  scheme: SignatureScheme,
  data: Uint8Array,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    sign(scheme.hash, data, key, (error, signature) => {
      if (error === null) resolve(Uint8Array.from(signature));
      else reject(error);
    });
  });
}
