import { ZmintError } from '../../src/errors.js';
import type { IssueReport } from '../../src/index.js';
import { outPassphrase } from '../cert/out-passphrase.js';
import type { Session } from '../cli/session.js';
import type { IssueInput } from './issue-options.js';

/** The files of an issued certificate: where they go, and how they are written. */
export interface IssueFiles {
  /** The key that zmint made, before the certificate exists; nothing when it goes into the PKCS#12 file. */
  readonly keep: (pem: Uint8Array) => Promise<void>;
  /** The rest. Returns all paths that were written. */
  readonly write: (report: IssueReport) => Promise<readonly string[]>;
  /** Wipes the passphrase. */
  readonly forget: () => void;
}

type Wanted = Pick<IssueInput, 'out' | 'csr' | 'p12' | 'force' | 'outPassphraseFile' | 'name'>;

/**
 * Looks whether the files can be written, asks for the passphrase of a PKCS#12 file, and gives what
 * writes them. Throws `policy` for a file that is there without --force, `usage`, and what reading a
 * passphrase throws.
 */
export async function issueFiles(session: Session, input: Wanted): Promise<IssueFiles> {
  const place = await placeOf(session, input);
  const { key, pfx, certificate, trust } = place;
  for (const path of [key, pfx, certificate, trust])
    if (path !== undefined) await refuseExisting(session, path, input.force);
  const passphrase = input.p12 && !session.dryRun ? await pfxPassphrase(session, input) : null;
  const written: string[] = [];
  const write = async (path: string, bytes: Uint8Array, secret?: 'secret'): Promise<void> => {
    await session.writeFile(path, bytes, secret);
    written.push(path);
  };
  return {
    keep: async (pem) => {
      if (key !== undefined) await write(key, pem, 'secret');
    },
    write: async (report) => {
      if (pfx !== undefined) {
        const { issuedPfx } = await import('../../src/index.js');
        const by = { alias: input.name ?? '', passphrase };
        await write(pfx, await issuedPfx(await session.formats(), report, by), 'secret');
      }
      if (certificate !== undefined) await write(certificate, utf8(report.certificate));
      if (trust !== undefined) await write(trust, utf8(report.roots));
      return written;
    },
    forget: () => passphrase?.fill(0),
  };
}

interface Place {
  readonly key?: string;
  readonly pfx?: string;
  readonly certificate?: string;
  readonly trust?: string;
}

async function placeOf(session: Session, { out, csr, p12 }: Wanted): Promise<Place> {
  if (out === undefined) return {};
  const path = session.absolute(out);
  const folder = await isFolder(session, path);
  if (csr !== undefined && !folder) return { certificate: path };
  if (!folder) {
    throw new ZmintError('usage', `${path} is no folder`, { hint: `mkdir -m 700 ${path}` });
  }
  if (p12) return { pfx: `${path}/certificate.p12` };
  const files = { certificate: `${path}/certificate.pem`, trust: `${path}/ca.pem` };
  return csr === undefined ? { key: `${path}/key.pem`, ...files } : files;
}

async function isFolder(session: Session, path: string): Promise<boolean> {
  try {
    await session.listFolder(path);
    return true;
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'unreadable') return false;
    throw error;
  }
}

async function refuseExisting(session: Session, path: string, force: boolean): Promise<void> {
  if (force || !(await session.exists(path))) return;
  throw new ZmintError('policy', `${path} is there already`, {
    hint: 'choose another --out, or add --force to replace it',
  });
}

async function pfxPassphrase(session: Session, input: Wanted): Promise<Uint8Array | null> {
  const facts = { isStore: true, hasKeys: true, wasEncrypted: true, none: false };
  return outPassphrase(session, { ...facts, file: input.outPassphraseFile });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
