import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { SetFiles } from '../../ports/member-homes.js';
import type { NamedFiles } from './durable-write.js';
import type { SafeFolders } from './safe-folders.js';
import type { ZoneFs } from './zone-fs.js';

const OF_SERVERS = ['server.cer', 'key.pem', 'key.der'] as const;
const OF_ALL = 'ca.cert';

/**
 * The files of a set as they will be written. Throws `bug` when it is neither a server's set (four
 * files) nor a device's (`ca.cert` alone), or when one is empty.
 */
export function setFiles(files: SetFiles): NamedFiles {
  const named: Record<string, Uint8Array> = {};
  for (const name of [...OF_SERVERS, OF_ALL] as const) {
    const bytes = files[name];
    if (bytes !== undefined) named[name] = bytes;
  }
  const whole = isWhole(Object.keys(named));
  if (whole && Object.values(named).every((bytes) => bytes.length > 0)) return named;
  throw new ZmintError('bug', 'a set must have all of its files, and none may be empty', {
    details: { files: Object.keys(named) },
  });
}

/** Whether the folder holds a whole set, by names and sizes alone. */
export function isSetComplete(fs: ZoneFs, folder: string): boolean {
  const isPresent = (name: string): boolean => (fs.inspect(`${folder}/${name}`)?.size ?? 0) > 0;
  return isPresent(OF_ALL) && isWhole([OF_ALL, ...OF_SERVERS.filter(isPresent)]);
}

/** The files of a complete set, judged; undefined when a file is missing or empty. */
export function readSetFiles(folders: SafeFolders, folder: string): SetFiles | undefined {
  const caCert = folders.readFile(join(folder, OF_ALL), 'public')?.bytes;
  const certificate = folders.readFile(join(folder, 'server.cer'), 'public')?.bytes;
  const pem = folders.readFile(join(folder, 'key.pem'), 'secret')?.bytes;
  const der = folders.readFile(join(folder, 'key.der'), 'secret')?.bytes;
  if (isEmpty(caCert)) return undefined;
  const server = [certificate, pem, der];
  if (server.every((bytes) => bytes === undefined)) return { 'ca.cert': caCert };
  if (isEmpty(certificate) || isEmpty(pem) || isEmpty(der)) return undefined;
  return { 'server.cer': certificate, 'key.pem': pem, 'key.der': der, 'ca.cert': caCert };
}

/** The key of a set in DER, judged; undefined when it is missing or empty. */
export function readKeyFile(folders: SafeFolders, folder: string): Uint8Array | undefined {
  const bytes = folders.readFile(join(folder, 'key.der'), 'secret')?.bytes;
  return isEmpty(bytes) ? undefined : bytes;
}

function isWhole(names: readonly string[]): boolean {
  const found = OF_SERVERS.filter((name) => names.includes(name)).length;
  return names.includes(OF_ALL) && (found === 0 || found === OF_SERVERS.length);
}

function isEmpty(bytes: Uint8Array | undefined): bytes is undefined {
  return bytes === undefined || bytes.length === 0;
}
