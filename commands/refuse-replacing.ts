import { ZmintError } from '../src/errors.js';
import type { Session } from './cli/session.js';

/** What a result file holds that is made anew without a question, since nothing of it is lost. */
export type Renewed = 'certificates' | 'certificate-der' | 'lists' | 'requests' | 'zip';

const WORDS: Readonly<Record<Renewed, string>> = {
  certificates: 'certificates',
  'certificate-der': 'a certificate',
  lists: 'revocation lists',
  requests: 'signing requests',
  zip: 'a ZIP archive',
};
const LABELS: Readonly<Partial<Record<Renewed, string>>> = {
  certificates: 'CERTIFICATE',
  lists: 'X509 CRL',
  requests: 'CERTIFICATE REQUEST',
};
/** A bundle of revocation lists is the largest of these files. */
const LIMIT = 64 * 1024 * 1024;

/**
 * A slip of the fingers must not cost a key: what is there is replaced only when it is empty or holds
 * nothing but the same kind of thing. Throws `policy`, and `unreadable` for a file that cannot be read.
 */
export async function refuseReplacing(
  session: Session,
  path: string,
  what: Renewed,
): Promise<void> {
  if (!(await session.exists(path))) return;
  const bytes = await session.readFile(path, LIMIT);
  if (bytes.length === 0 || (await holdsOnly(session, bytes, what))) return;
  const absolute = session.absolute(path);
  throw new ZmintError(
    'policy',
    `${absolute} is there and holds something else than ${WORDS[what]}`,
    {
      hint: 'choose another name, or move that file away',
      details: { path: absolute },
    },
  );
}

async function holdsOnly(session: Session, bytes: Uint8Array, what: Renewed): Promise<boolean> {
  if (what === 'certificate-der') return isCertificate(session, bytes);
  // Each octet a letter: whatever it holds, it is looked at.
  const text = new TextDecoder('latin1').decode(bytes);
  if (what === 'zip') return text.startsWith('PK');
  const labels = [...text.matchAll(/-----BEGIN ([^-]*)-----/gu)].map(([, label]) => label);
  return labels.length > 0 && labels.every((label) => label === LABELS[what]);
}

async function isCertificate(session: Session, bytes: Uint8Array): Promise<boolean> {
  const { readContainer } = await import('../src/index.js');
  const file = { bytes, name: '', passphrases: [] };
  try {
    const { items } = await readContainer(await session.formats(), file);
    return items.every(({ kind }) => kind === 'certificate');
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return false;
    throw error;
  }
}
