import type { HandedRequest } from '../../src/index.js';
import type { Session } from '../cli/session.js';

/** Where requests are to be written beside the remint-repos. */
export interface CsrTargets {
  /** A folder that exists. */
  readonly out: string | undefined;
  /** A ZIP file. */
  readonly zip: string | undefined;
}

/** Writes each request as `<server>.csr`, and all into the ZIP file. Returns what was written. */
export async function writeCsrFiles(
  session: Session,
  requests: readonly HandedRequest[],
  { out, zip }: CsrTargets,
): Promise<readonly string[]> {
  const files = requests.flatMap(({ member, request }) =>
    request.csr === null
      ? []
      : [{ name: `${member.name}.csr`, bytes: new TextEncoder().encode(request.csr) }],
  );
  const written: string[] = [];
  if (out !== undefined) {
    for (const { name, bytes } of files) {
      const path = `${session.absolute(out)}/${name}`;
      await session.writeFile(path, bytes);
      written.push(path);
    }
  }
  if (zip !== undefined && files.length > 0) {
    const { archive } = await session.formats();
    await session.writeFile(zip, archive.zip(files, session.now));
    written.push(session.absolute(zip));
  }
  return written;
}
