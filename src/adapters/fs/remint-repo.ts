import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RepoFile, RepoFiles, SetFiles } from '../../ports/member-homes.js';
import { freshName, type NamedFiles } from './durable-write.js';
import type { FileKind, SafeFolders } from './safe-folders.js';
import type { ZoneFs } from './zone-fs.js';

const CERTIFICATES = ['cer', 'cert', 'crt', 'der', 'p7b', 'pem'].map((end) => `server.${end}`);
const KEY = 'key.der';
const CA_CERT = 'ca.cert';
const EMPTY_REPO: RepoFiles = {
  certificates: [],
  key: undefined,
  caCert: undefined,
  leftovers: false,
};

/** Everything that zmint ever writes there. */
const OWN = new Set([...CERTIFICATES, KEY, CA_CERT, 'server.csr']);

/** What may be written into a `remint-repo`. */
export type RepoSet = Pick<SetFiles, 'server.cer' | 'key.der' | 'ca.cert'>;

/** The files of a repo that zmint reads; other names are left alone. None where there is no repo. */
export function readRepoFiles(
  fs: ZoneFs,
  folders: SafeFolders,
  repo: string | undefined,
): RepoFiles {
  if (repo === undefined) return EMPTY_REPO;
  const names = new Set(fs.list(repo));
  const read = (name: string, kind: FileKind): RepoFile | undefined => {
    if (!names.has(name)) return undefined;
    const content = folders.readFile(join(repo, name), kind);
    if (content === undefined) return undefined;
    const ageMs = Math.max(0, fs.now() - content.facts.changedAt);
    return { name, bytes: content.bytes, ageMs };
  };
  return {
    certificates: CERTIFICATES.flatMap((name) => read(name, 'public') ?? []),
    key: read(KEY, 'secret'),
    caCert: read(CA_CERT, 'public'),
    leftovers: [...names].some((name) => name.startsWith(freshName(''))),
  };
}

/** The files of a set that are shown in a repo, by name. */
export function repoFiles(files: RepoSet): NamedFiles {
  const named: Record<string, Uint8Array> = {};
  for (const name of ['server.cer', KEY, CA_CERT] as const) {
    const bytes = files[name];
    if (bytes !== undefined) named[name] = bytes;
  }
  return named;
}

/** Removes files whose SHA-256 is still the given one, and what crashed writes left. */
export function clearRepoFiles(
  fs: ZoneFs,
  folders: SafeFolders,
  repo: string,
  digests: Readonly<Record<string, string>>,
): void {
  const names = new Set(fs.list(repo));
  for (const [name, digest] of Object.entries(digests)) {
    if (!OWN.has(name)) continue;
    if (names.has(freshName(name))) fs.removeFile(join(repo, freshName(name)));
    if (!names.has(name)) continue;
    if (isStill(fs, folders, join(repo, name), digest)) fs.removeFile(join(repo, name));
  }
  fs.syncFolder(repo);
}

/** False for what is no file or too large: then a person put it there. */
function isStill(fs: ZoneFs, folders: SafeFolders, path: string, digest: string): boolean {
  const facts = fs.inspect(path);
  if (facts?.kind !== 'file' || facts.size > folders.fileLimit) return false;
  const content = fs.readBounded(path, folders.fileLimit);
  if (content === undefined) return false;
  return createHash('sha256').update(content.bytes).digest('hex') === digest.toLowerCase();
}
