import type { Handle } from 'pkcs11js';
import { ZmintError } from '../../errors.js';
import type { TokenKeyOrder } from '../../ports/token-keys.js';
import { describePublicKey } from '../../x509/public-key.js';
import { tokenName } from '../../zone/key-uri.js';
import { CKA } from './cryptoki.js';
import { keyTypeOf, readNumber, spkiOf } from './key-objects.js';
import type { TokenSession } from './token-session.js';

/**
 * Throws `key-mismatch` for a key of another kind than is wanted, `policy` for one that could leave
 * the token, may not sign, or wants a PIN for every signature.
 */
export function refuseUnfit(session: TokenSession, key: Handle, order: TokenKeyOrder): void {
  const { uri, spec } = order;
  const named = `the key ${uri.object ?? uri.id ?? ''} in the token ${tokenName(uri)}`;
  const kind = kindOf(session, key);
  if (kind !== spec && kind !== undefined) {
    throw new ZmintError('key-mismatch', `${named} is ${kind}, and ${spec} is wanted`, {
      hint: `--key ${kind} takes it as it is; another object= in --key-uri makes a new one`,
    });
  }
  const isSet = (type: number): boolean => session.read(key, type)?.[0] === 1;
  const faults = [
    [isSet(CKA.extractable) || !isSet(CKA.sensitive), 'could leave the token'],
    [!isSet(CKA.sign), 'may not sign'],
    [isSet(CKA.alwaysAuthenticate), 'wants its PIN for every signature'],
    [readNumber(session.read(key, CKA.keyType)) !== keyTypeOf(spec), `is no ${spec}`],
  ] as const;
  const fault = faults.find(([holds]) => holds)?.[1];
  if (fault === undefined) return;
  throw new ZmintError('policy', `${named} ${fault}`, {
    hint: 'another object= in --key-uri makes a key that is fit to be that of a CA',
  });
}

/** By its public half. */
function kindOf(session: TokenSession, key: Handle): string | undefined {
  const id = session.read(key, CKA.id);
  const wanted = id === undefined ? [] : [{ type: CKA.id, value: Buffer.from(id) }];
  const type = readNumber(session.read(key, CKA.keyType));
  const halves = session
    .find('publicKey', wanted)
    .filter((object) => readNumber(session.read(object, CKA.keyType)) === type);
  const spki = halves.flatMap((object) => spkiOf(session, object) ?? [])[0];
  return spki === undefined ? undefined : describePublicKey(spki);
}
