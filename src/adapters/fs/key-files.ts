import { createHash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { CaKeyIdentity } from '../../ports/key-vault.js';
import type { Keys, Signer } from '../../ports/keys.js';
import type { KeyFiles } from '../../ports/zone-places.js';
import { deriveKey, unlockKey } from './key-cipher.js';
import { parseKeyEnvelope, type KeyEnvelope } from './key-envelope.js';

/** Key files of the format of `docs/reference/key-file.md`, as bytes. */
export function createKeyFiles(keys: Keys): KeyFiles {
  return {
    open: async ({ name, bytes }, identity, unlock, unlockFile) => {
      const envelope = parseKeyEnvelope(bytes, name);
      requireIdentity(envelope, identity, name);
      const locked = envelope.header.kdf.name === 'scrypt';
      if (locked !== (unlock.kind === 'passphrase'))
        throw wrongPassphrase(name, locked ? 'only a passphrase opens' : 'ca.unlock opens');
      const secret = unlock.kind === 'passphrase' ? unlock.bytes : unlockFile;
      if (secret === undefined) throw damaged(name, 'comes without the ca.unlock that opens it');
      const pkcs8 = await unlocked(envelope, secret);
      if (pkcs8 === undefined && !locked) throw damaged(name, 'is not opened by its ca.unlock');
      if (pkcs8 === undefined) throw wrongPassphrase(name, 'the passphrase does not open');
      try {
        return await ownSigner(keys, pkcs8, identity, name);
      } finally {
        pkcs8.fill(0);
      }
    },
  };
}

async function unlocked(
  envelope: KeyEnvelope,
  secret: Uint8Array,
): Promise<Uint8Array | undefined> {
  const key = await deriveKey(envelope.header.kdf, secret);
  try {
    return unlockKey(envelope, key);
  } finally {
    key.fill(0);
  }
}

async function ownSigner(
  keys: Keys,
  pkcs8: Uint8Array,
  identity: CaKeyIdentity,
  name: string,
): Promise<Signer> {
  const signer = await keys.signer(pkcs8);
  if (createHash('sha256').update(signer.spki).digest('hex') === identity.spkiSha256) return signer;
  signer.close();
  throw damaged(name, 'holds another key than it says');
}

function requireIdentity({ header }: KeyEnvelope, identity: CaKeyIdentity, name: string): void {
  if (header.zoneId === identity.zoneId && header.spkiSha256 === identity.spkiSha256) return;
  throw damaged(name, 'belongs to another CA or zone');
}

function wrongPassphrase(name: string, fact: string): ZmintError {
  return new ZmintError('wrong-passphrase', `${fact} the CA key file ${name}`, {
    hint: 'run the command again with the passphrase of the CA; nothing was changed',
    details: { path: name },
  });
}

function damaged(name: string, fact: string): ZmintError {
  return new ZmintError('damaged', `the CA key file ${name} ${fact}`, {
    hint: 'take an earlier backup',
    details: { path: name },
  });
}
