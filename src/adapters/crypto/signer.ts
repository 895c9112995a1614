import { sign, type KeyObject } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { Signer } from '../../ports/keys.js';
import type { KeySpec } from '../../zone/key-spec.js';
import { bytesOf } from './bytes-of.js';
import type { OpenedKey } from './open-key.js';
import { runInLanes } from './run-in-lanes.js';
import { runInTurns } from './run-in-turns.js';
import { schemeOf, type SignatureScheme } from './signature-scheme.js';

/** Kinds of keys whose signatures cost less than a journey through the thread pool. */
const QUICK: ReadonlySet<KeySpec> = new Set(['ec:P-256', 'ed25519']);

/**
 * A signer for an opened key; signatures are computed on the thread pool, many at once by a quick
 * key on this thread. After `close`, `sign` and `signMany` throw `bug`.
 */
export function createSigner(opened: Omit<OpenedKey, 'pkcs8'>): Signer {
  const scheme = schemeOf(opened.spec);
  let key: KeyObject | undefined = opened.key;
  const openKey = (): KeyObject => {
    if (key === undefined) throw new ZmintError('bug', 'a key was used after it was closed');
    return key;
  };
  const signOne = async (data: Uint8Array): Promise<Uint8Array> =>
    signOnPool(openKey(), scheme, data);
  return {
    spec: opened.spec,
    spki: opened.spki,
    algorithm: scheme.algorithm,
    sign: signOne,
    signMany: (list) =>
      QUICK.has(opened.spec)
        ? runInTurns(list, (data) => bytesOf(sign(scheme.hash, data, openKey())))
        : runInLanes(list, signOne),
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
      if (error === null) resolve(bytesOf(signature));
      else reject(error);
    });
  });
}
