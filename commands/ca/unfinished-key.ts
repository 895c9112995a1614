import { ZmintError } from '../../src/errors.js';
import type { Session } from '../cli/session.js';

/** A key that a run which died has left. */
export interface UnfinishedKey {
  /** DER; the caller wipes it. */
  readonly pkcs8: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/**
 * Reads the key in a file of that kind; null: there is no such file. Throws `wrong-passphrase`, and
 * `policy` for a file that holds something else, which is nobody's to replace.
 */
export async function readUnfinishedKey(
  session: Session,
  path: string,
  passphrase: Uint8Array | null,
): Promise<UnfinishedKey | null> {
  if (!(await session.exists(path))) return null;
  const { readContainer } = await import('../../src/index.js');
  const formats = await session.formats();
  const passphrases = passphrase === null ? [] : [passphrase];
  const bytes = await session.readFile(path);
  try {
    const { items } = await readContainer(formats, { bytes, name: path, passphrases });
    const [key] = items.flatMap((item) => (item.kind === 'key' ? [item.key] : []));
    const spki = key === undefined ? undefined : formats.containers.publicKeyOf(key.pkcs8);
    if (key !== undefined && spki !== undefined) return { pkcs8: key.pkcs8, spki };
    throw foreign(path);
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    if (error.code === 'unreadable') throw foreign(path);
    if (error.code !== 'wrong-passphrase') throw error;
    throw new ZmintError(
      'wrong-passphrase',
      `an earlier run has left ${path}, which another passphrase opens`,
      { hint: 'give the passphrase of then; or remove the file, and the key in it is lost' },
    );
  } finally {
    bytes.fill(0);
  }
}

function foreign(path: string): ZmintError {
  return new ZmintError('policy', `${path} is in the way: it holds no key that zmint left there`, {
    hint: `look at it, then remove it: zmint cert inspect ${path}`,
  });
}
