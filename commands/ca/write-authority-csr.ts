import type { AuthorityRequest } from '../../src/index.js';
import type { Session } from '../cli/session.js';

/** The file that a request is written to when none is named: in the working folder. */
export const AUTHORITY_CSR = 'ca.csr';

/** Writes the request for a CA's certificate; returns the absolute path. Throws `storage`. */
export async function writeAuthorityCsr(
  session: Session,
  { csr }: Pick<AuthorityRequest, 'csr'>,
  out: string | undefined,
): Promise<string> {
  const path = session.absolute(out ?? AUTHORITY_CSR);
  await session.writeFile(path, new TextEncoder().encode(csr));
  return path;
}
