import { ZmintError } from '../../src/errors.js';
import { askTwice } from '../cli/ask-twice.js';
import type { ValueOption } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { unanswered } from '../cli/prompts.js';
import type { Session } from '../cli/session.js';

type Secrets = Pick<
  Session,
  'filePassphrase' | 'readPassphrase' | 'askSecret' | 'terminal' | 'environment'
>;

/** A backup has a passphrase of its own; that of the CA, which locks the keys in it, is another. */
export const CA_PASSPHRASE_FILE: ValueOption<string> = {
  kind: 'value',
  flag: '--ca-passphrase-file',
  value: 'FILE',
  summary: 'the passphrase of the CA, for the keys in the backup; they are asked to sign',
  parse: text,
};

/**
 * The passphrase of a new backup: what --passphrase-file or --passphrase-fd names, the credential
 * `zone-backup`, or typed twice. Throws `policy` for fewer than 10 characters.
 */
export async function newBackupPassphrase(session: Secrets): Promise<Uint8Array> {
  const { requireLongSecret } = await import('../../src/index.js');
  const check = (secret: Uint8Array): void => {
    requireLongSecret(secret, 'the passphrase of the backup');
  };
  const given = await givenPassphrase(session);
  if (given === undefined)
    return askTwice(session, {
      question: 'New passphrase of the backup:',
      plural: 'passphrases',
      check,
    });
  try {
    check(given);
    return given;
  } catch (error) {
    given.fill(0);
    throw error;
  }
}

/** The passphrase of a backup that is there; typed once. */
export async function backupPassphrase(session: Secrets): Promise<Uint8Array> {
  return (await givenPassphrase(session)) ?? session.askSecret('Passphrase of the backup:');
}

/**
 * The passphrase of the CA: what --ca-passphrase-file names, the credential `zone-ca`, or typed. It is
 * read when it is first needed, once; `close` wipes it.
 */
export function caPassphrase(
  session: Secrets,
  file: string | undefined,
): { readonly read: () => Promise<Uint8Array>; readonly close: () => void } {
  let known: Uint8Array | undefined;
  const read = async (): Promise<Uint8Array> => {
    if (file !== undefined) return session.readPassphrase(file);
    const credential = await readCredential(session, 'zone-ca');
    if (credential !== undefined || session.terminal.interactive)
      return credential ?? session.askSecret('Passphrase of the CA:');
    throw unanswered('Passphrase of the CA:', 'give it with --ca-passphrase-file FILE');
  };
  return {
    read: async () => (known ??= await read()),
    close: () => {
      known?.fill(0);
    },
  };
}

async function givenPassphrase(session: Secrets): Promise<Uint8Array | undefined> {
  return (await session.filePassphrase()) ?? readCredential(session, 'zone-backup');
}

/** A credential of the service manager (systemd.exec, CREDENTIALS). */
async function readCredential(session: Secrets, name: string): Promise<Uint8Array | undefined> {
  const folder = session.environment.CREDENTIALS_DIRECTORY;
  if (folder?.startsWith('/') !== true) return undefined;
  try {
    return await session.readPassphrase(`${folder}/${name}`);
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'not-found') return undefined;
    throw error;
  }
}
