import type { HandedRequest } from '../../src/index.js';
import type { Session } from '../cli/session.js';
import { refuseReplacing } from '../refuse-replacing.js';
import { stillWaiting } from '../still-waiting.js';

/** Where requests are to be written beside the remint-repos. */
export interface CsrTargets {
  /** A folder that exists. */
  readonly out: string | undefined;
  /** A ZIP file. */
  readonly zip: string | undefined;
}

interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Throws what `requirePlace` of the session throws: before any key is made. */
export async function requireCsrPlaces(session: Session, { out, zip }: CsrTargets): Promise<void> {
  if (out !== undefined) await session.requirePlace(out, 'folder');
  if (zip !== undefined) {
    await session.requirePlace(zip, 'file');
    await refuseReplacing(session, zip, 'zip');
  }
}

/**
 * Writes each request as `<server>.csr`, and all into the ZIP file. Returns what was written. Throws
 * what writing throws, and says that the requests are made.
 */
export async function writeCsrFiles(
  session: Session,
  requests: readonly HandedRequest[],
  targets: CsrTargets,
): Promise<readonly string[]> {
  const files = requests.flatMap(({ member, request }) =>
    request.csr === null
      ? []
      : [{ name: `${member.name}.csr`, bytes: new TextEncoder().encode(request.csr) }],
  );
  try {
    return await writeFiles(session, files, targets);
  } catch (error) {
    const hint = 'zmint generate-csr --waiting, with --out or --zip, hands them out again';
    throw stillWaiting(error, 'the requests are made and wait', hint);
  }
}

async function writeFiles(
  session: Session,
  files: readonly NamedFile[],
  { out, zip }: CsrTargets,
): Promise<readonly string[]> {
  const written: string[] = [];
  if (out !== undefined) {
    for (const { name, bytes } of files) {
      const path = `${session.absolute(out)}/${name}`;
      await session.requirePlace(path, 'file');
      await refuseReplacing(session, path, 'requests');
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
