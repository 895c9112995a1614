import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';

/** The passphrase of everything that is encrypted, unless its name says otherwise. */
export const PASSPHRASE = 'open sesame';
/** Of entries that have one of their own. */
export const ENTRY_PASSPHRASE = 'another one';

/** The kinds of keys that every format is made with. */
export const KINDS = ['rsa', 'p256', 'p384', 'p521', 'ed25519'] as const;

/** Makes a file of every format with openssl (and keytool when asked) in a fresh folder; takes some seconds. */
export function makeFormatCorpus(withKeytool: boolean): string {
  const folder = temporaryFolder();
  run(folder, 'make-formats.sh');
  if (withKeytool) run(folder, 'make-java-formats.sh');
  return folder;
}

function run(folder: string, script: string): void {
  execFileSync('sh', [resolve('test/support', script)], {
    cwd: folder,
    env: toolEnvironment(),
    stdio: 'pipe',
  });
}
