import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildProgram } from './built-program.js';
import { temporaryFolder } from './temporary-folder.js';
import { requireTool } from './tools.js';

/** What of a package is loaded when it runs. */
const PARTS = [
  'package.json',
  'lib',
  'index.js',
  'bindings.js',
  'build/Release/better_sqlite3.node',
];

/** A user who owns nothing. */
export const NOBODY = 65_534;

/**
 * Whether this process may do what only root may: mount, and become somebody else. If not, it is
 * said aloud, so that the test can be skipped; with `CI` in the environment that is an error.
 */
export function requireRoot(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'zmint-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]);
  if (mounted.status === 0) execFileSync('umount', [probe]);
  rmSync(probe, { recursive: true, force: true });
  if (mounted.status === 0 && requireTool('setpriv')) return true;
  const ci = process.env.CI ?? '';
  if (ci !== '' && ci !== 'false') throw new Error('CI may not do without the right to mount');
  process.stderr.write('SKIPPED: this user may not mount, so tests of full disks do not run\n');
  return false;
}

/** A file system of so many KiB in memory; `work` gets its folder, and it goes when the work ends. */
export async function onSmallDisk(
  kibibytes: number,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zmint-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=0700`, 'tmpfs', folder]);
  try {
    await work(folder);
  } finally {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes what is mounted there read-only, or writable again. */
export function remount(folder: string, how: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${how}`, folder]);
}

/**
 * The built program with all that it loads in a folder that everybody may read, and the words that
 * run it as nobody.
 */
export function programForNobody(): {
  readonly program: string;
  readonly wrapper: readonly string[];
} {
  const folder = temporaryFolder();
  cpSync(dirname(buildProgram().zmint), join(folder, 'dist'), { recursive: true });
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path']) {
    const from = resolve('node_modules', name);
    const to = join(folder, 'node_modules', name);
    mkdirSync(to, { recursive: true });
    for (const part of PARTS.filter((one) => existsSync(join(from, one))))
      cpSync(join(from, part), join(to, part), { recursive: true });
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  chmodSync(folder, 0o755);
  const wrapper = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return { program: join(folder, 'dist/zmint.js'), wrapper };
}
