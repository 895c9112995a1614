import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { WarningLedger } from '../../ports/warning-ledger.js';
import { errnoOf } from '../fs/file-error.js';

const ZONE_ID = /^[0-9A-Za-z][0-9A-Za-z-]{0,63}$/u;
const STAMP = /^\d{1,15}\n?$/u;
/** What a home that cannot be written looks like: a service user's, a read-only or a full one. */
const UNWRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'ENOSPC',
  'EDQUOT',
]);

/**
 * One stamp file a zone in `$XDG_STATE_HOME/zmint`, or `~/.local/state/zmint` (XDG base directory
 * specification). Where that folder cannot be made, or is not the user's own, nothing is kept and
 * nothing is thrown; any other fault is `storage`.
 */
export function createWarningLedger(environment: NodeJS.ProcessEnv = process.env): WarningLedger {
  const folder = stateFolder(environment);
  return {
    lastWarned: (zoneId) =>
      folder === undefined ? undefined : readStamp(stampFile(folder, zoneId)),
    warned: (zoneId, at) => {
      if (folder === undefined) return;
      const file = stampFile(folder, zoneId);
      try {
        if (prepare(folder)) writeStamp(file, at);
      } catch (error) {
        if (!UNWRITABLE.has(errnoOf(error) ?? '')) throw failure(file, error);
      }
    },
  };
}

function stateFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const state = environment.XDG_STATE_HOME ?? '';
  if (isAbsolute(state)) return join(state, 'zmint');
  const home = environment.HOME ?? '';
  return isAbsolute(home) ? join(home, '.local', 'state', 'zmint') : undefined;
}

function stampFile(folder: string, zoneId: string): string {
  if (!ZONE_ID.test(zoneId)) throw new ZmintError('bug', `"${zoneId}" is no id of a zone`);
  return join(folder, `ca-expiry-warned-${zoneId}`);
}

function readStamp(file: string): number | undefined {
  try {
    if (lstatSync(file).uid !== process.geteuid?.()) return undefined;
    const text = readFileSync(file, 'utf8');
    return STAMP.test(text) ? Number(text) : undefined;
  } catch {
    // A warning too many is better than none.
    return undefined;
  }
}

/** Under sudo the home may be another user's, who could have put a link there. */
function prepare(folder: string): boolean {
  makeFolders(folder);
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.geteuid?.();
}

/** Not by `recursive`, with which Node 20 loops for ever where a parent exists and takes no folder. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  mkdirSync(folder, { mode: 0o700 });
}

function writeStamp(file: string, at: number): void {
  const fresh = `${file}.${process.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${at}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}

function failure(file: string, error: unknown): ZmintError {
  return new ZmintError('storage', `${file} cannot be written: ${errnoOf(error) ?? 'unknown'}`, {
    details: { path: file },
    cause: error,
  });
}
