import { ZmintError } from '../../src/errors.js';
import type { WaitingIssue } from '../../src/index.js';
import type { Session } from '../cli/session.js';

/** The beginning of an issue for a request whose key is elsewhere. */
export interface IssueClaim {
  /** SHA-256 of the public key (SPKI, DER). */
  readonly spkiSha256: string;
  /** In seconds since 1970: when its certificate is recorded, if it comes so far. */
  readonly at: number;
}

const CLAIM = /^zmint ca issue: key ([0-9a-f]{64}), at (\d{1,12})\n$/u;

/** The file that says so, until the certificate takes its place. */
export function renderClaim({ spkiSha256, at }: IssueClaim): Uint8Array {
  return new TextEncoder().encode(`zmint ca issue: key ${spkiSha256}, at ${at}\n`);
}

/**
 * What a run that died has left in such a file; null: there is none. Throws `policy` for a file that
 * holds something else, which is nobody's to replace.
 */
export async function readClaim(
  session: Session,
  path: string,
): Promise<WaitingIssue['left'] | null> {
  if (!(await session.exists(path))) return null;
  const bytes = await session.readFile(path);
  const [, spkiSha256, at] = CLAIM.exec(new TextDecoder().decode(bytes)) ?? [];
  if (spkiSha256 !== undefined && at !== undefined) return { spkiSha256, at: Number(at) };
  const fingerprint = await fingerprintIn(session, path, bytes);
  if (fingerprint !== undefined) return { fingerprint };
  throw new ZmintError('policy', `${path} is in the way: zmint has not left it there`, {
    hint: `look at it, then remove it: zmint cert inspect ${path}`,
  });
}

/** Of the certificate that comes first, when there is nothing but certificates. */
async function fingerprintIn(
  session: Session,
  name: string,
  bytes: Uint8Array,
): Promise<string | undefined> {
  const { readContainer } = await import('../../src/index.js');
  const formats = await session.formats();
  try {
    const { items } = await readContainer(formats, { bytes, name, passphrases: [] });
    const [first] = items.map((item) => (item.kind === 'certificate' ? item.certificate : null));
    return first === undefined || first === null ? undefined : formats.digest.sha256(first.der);
  } catch (error) {
    if (error instanceof ZmintError) return undefined;
    throw error;
  }
}
