import type { AuthorityRequest } from '../../src/index.js';
import type { Session } from '../cli/session.js';
import { refuseReplacing } from '../refuse-replacing.js';
import { stillWaiting } from '../still-waiting.js';

/** The file that a request is written to when none is named: in the working folder. */
export const AUTHORITY_CSR = 'ca.csr';

/** Throws what judging the place throws: before any key is made. */
export async function requireCsrPlace(session: Session, out = AUTHORITY_CSR): Promise<void> {
  await session.requirePlace(out, 'file');
  await refuseReplacing(session, out, 'requests');
}

/**
 * Writes the request for a CA's certificate; returns the absolute path. Throws what writing throws, and
 * says that the request itself has been made.
 */
export async function writeAuthorityCsr(
  session: Session,
  { csr }: Pick<AuthorityRequest, 'csr'>,
  out: string | undefined,
): Promise<string> {
  const path = session.absolute(out ?? AUTHORITY_CSR);
  try {
    await requireCsrPlace(session, path);
    await session.writeFile(path, new TextEncoder().encode(csr));
  } catch (error) {
    const hint = 'zmint generate-csr --ca hands it out again';
    throw stillWaiting(error, 'the request is made and waits', hint);
  }
  return path;
}
