import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './tools.js';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm.so',
];

/** SoftHSM2's module; the first place where distributions put it that is there. */
export function softhsmModule(): string {
  return MODULES.find((path) => existsSync(path)) ?? MODULES[0] ?? '';
}

/** A folder of tokens of its own; the environment that leads SoftHSM2 to it. */
export function softhsmFolder(folder: string): Readonly<Record<string, string>> {
  mkdirSync(join(folder, 'tokens'), { mode: 0o700 });
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(
    conf,
    `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  return { SOFTHSM2_CONF: conf };
}

/** Makes a token. */
export function makeToken(
  environment: Readonly<Record<string, string>>,
  label: string,
  pin: string,
): void {
  const words = ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '87654321'];
  execFileSync('softhsm2-util', words, {
    env: { ...toolEnvironment(), ...environment },
    stdio: 'pipe',
  });
}

/** Runs pkcs11-tool, which is not zmint's. */
export function pkcs11Tool(
  environment: Readonly<Record<string, string>>,
  ...words: readonly string[]
): string {
  const { status, stdout, stderr } = spawnSync(
    'pkcs11-tool',
    ['--module', softhsmModule(), ...words],
    { env: { ...toolEnvironment(), ...environment }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`pkcs11-tool ${words.join(' ')}: ${stderr}`);
  return stdout;
}
