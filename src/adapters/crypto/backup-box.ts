import { Decrypter, Encrypter } from 'age-encryption';
import { ZmintError } from '../../errors.js';
import type { BackupBox, BackupFiles } from '../../ports/backup-box.js';
import { shellWord } from '../../zone/shell-word.js';
import {
  MOST_LOG_N,
  passphraseIdentity,
  passphraseRecipient,
  workFactor,
} from './age-passphrase.js';
import { packBackup, unpackBackup } from './backup-archive.js';

/** As the age tool itself takes: about a second and 256 MiB. */
const LOG_N = MOST_LOG_N;
const BEGINNING = 'age-encryption.org/v1\n';

/**
 * Backups in the age format with a passphrase.
 *
 * @param logN - the work factor of scrypt for what is sealed, as a power of two
 */
export function createBackupBox(logN = LOG_N): BackupBox {
  return {
    seal: async (files, passphrase, at) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(passphraseRecipient(passphrase, logN));
      return encrypter.encrypt(packBackup(files, at));
    },
    open: async (bytes, passphrase, name) => {
      const begins = Buffer.from(bytes.subarray(0, BEGINNING.length)).toString('latin1');
      if (begins !== BEGINNING) throw damaged(name, 'is no backup: it is not in the age format');
      return unpacked(await decrypt(bytes, passphrase, name), name);
    },
  };
}

async function decrypt(
  bytes: Uint8Array,
  passphrase: Uint8Array,
  name: string,
): Promise<Uint8Array> {
  const identity = passphraseIdentity(passphrase);
  const progress = { opened: false };
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey: async (stanzas) => {
      refuseWork(workFactor(stanzas) ?? 0, name);
      const fileKey = await identity.unwrapFileKey(stanzas);
      progress.opened = fileKey !== null;
      if (fileKey === null) throw wrongPassphrase(name);
      return fileKey;
    },
  });
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    if (error instanceof ZmintError) throw error;
    const what = progress.opened
      ? 'has been changed or cut short'
      : 'has a header that is not sound';
    throw damaged(name, what, error);
  }
}

function refuseWork(logN: number, name: string): void {
  if (logN <= MOST_LOG_N) return;
  throw new ZmintError(
    'unreadable',
    `${name} asks for scrypt with a work factor of ${logN}, which takes ${memoryText(logN)} of memory; zmint opens up to ${MOST_LOG_N}, as age writes them`,
    {
      hint: `if you trust it, encrypt it anew: umask 077; age -d -o zone.zip ${shellWord(name)}; age -p -o again.age zone.zip; rm zone.zip`,
      details: { path: name, workFactor: logN, most: MOST_LOG_N },
    },
  );
}

/** Of 2^n blocks of a kibibyte each (RFC 7914 §2: 128 octets times r, which is 8). */
function memoryText(logN: number): string {
  return logN < 20 ? `${2 ** (logN - 10)} MiB` : `${2 ** (logN - 20)} GiB`;
}

function unpacked(archive: Uint8Array, name: string): BackupFiles {
  const files = unpackOrNone(archive);
  if (files !== undefined) return files;
  throw damaged(name, 'holds something else than a backup of zmint');
}

function unpackOrNone(archive: Uint8Array): BackupFiles | undefined {
  try {
    return unpackBackup(archive);
  } catch (error) {
    // The parser of archives throws errors of many kinds; each says that it is none.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function wrongPassphrase(name: string): ZmintError {
  return new ZmintError(
    'wrong-passphrase',
    `the passphrase does not open ${name}, or its first lines were changed`,
    {
      hint: 'run the command again with the passphrase of the backup; nothing was changed',
      details: { path: name },
    },
  );
}

function damaged(name: string, fact: string, cause?: unknown): ZmintError {
  return new ZmintError('damaged', `${name} ${fact}`, {
    hint: 'take another copy of the backup, or an earlier one',
    details: { path: name },
    cause,
  });
}
