import { ZmintError } from '../../src/errors.js';
import type { Session } from '../cli/session.js';
import type { IssueInput } from './issue-options.js';

/** Where the files of an issued certificate go; none of them when it is printed. */
export interface IssuePlace {
  /** The file that holds the key, alone or with all else. */
  readonly secret?: {
    readonly path: string;
    /** Where it is until everything else is there. */
    readonly partial: string;
    readonly form: 'pem' | 'pfx';
  };
  readonly certificate?: string;
  /** With a request: where its beginning is told, and the certificate is until everything else is there. */
  readonly claim?: string;
  readonly trust?: string;
}

type Wanted = Pick<IssueInput, 'out' | 'csr' | 'p12'>;

/** Throws what `requirePlace` of the session throws: only the certificate alone may be a file. */
export async function issuePlace(session: Session, { out, csr, p12 }: Wanted): Promise<IssuePlace> {
  if (out === undefined) return {};
  const path = session.absolute(out);
  const folder = csr === undefined || (await isFolder(session, path));
  await session.requirePlace(path, folder ? 'folder' : 'file');
  if (!folder) return claimed({ certificate: path });
  if (p12) return { secret: secretAt(`${path}/certificate.p12`, 'pfx') };
  const files = { certificate: `${path}/certificate.pem`, trust: `${path}/ca.pem` };
  if (csr !== undefined) return claimed(files);
  return { secret: secretAt(`${path}/key.pem`, 'pem'), ...files };
}

function claimed(files: { readonly certificate: string; readonly trust?: string }): IssuePlace {
  return { ...files, claim: `${files.certificate}.partial` };
}

function secretAt(path: string, form: 'pem' | 'pfx'): Required<IssuePlace>['secret'] {
  return { path, partial: `${path}.partial`, form };
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
