import { ZmintError } from '../src/errors.js';
import type { ImportFile, Member } from '../src/index.js';
import type { Session } from './cli/session.js';

const ENDS: ReadonlySet<string> = new Set([
  ...['cer', 'cert', 'crt', 'der', 'pem', 'p7b', 'p7c', 'p12', 'pfx', 'jks', 'key'],
]);

/**
 * The files of a folder, each as that of the server that it is named after: `web1.cer`, `web1.key`,
 * or `web1.example.com.pem` by the DNS name. Other files are passed over with a warning. Throws
 * `not-found` when none is named after a server.
 */
export async function filesByServer(
  session: Session,
  folder: string,
  given: { readonly members: readonly Member[]; readonly passphrases: readonly Uint8Array[] },
): Promise<readonly ImportFile[]> {
  const files: ImportFile[] = [];
  for (const name of await session.listFolder(folder)) {
    const owner = ownerOf(name, given.members);
    if (owner === undefined) {
      session.warn(`${folder}/${name} is named after no server and is passed over`);
      continue;
    }
    const path = `${folder}/${name}`;
    const bytes = await session.readFile(path);
    files.push({ name: path, bytes, server: owner.name, passphrases: given.passphrases });
  }
  if (files.length > 0) return files;
  throw new ZmintError('not-found', `no file in ${folder} is named after a server`, {
    hint: 'name the files web1.cer, web1.key and so on; zmint server list shows the servers',
  });
}

function ownerOf(name: string, members: readonly Member[]): Member | undefined {
  const dot = name.lastIndexOf('.');
  const stem = name.slice(0, dot).toLowerCase();
  if (dot < 1 || !ENDS.has(name.slice(dot + 1).toLowerCase())) return undefined;
  return (
    members.find((member) => member.name === stem) ??
    members.find((member) => member.dnsName === stem)
  );
}
