import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, type CommandLine } from './command-line.js';
import { partnerRoot, pemOf } from './partner-root.js';
import { toolEnvironment } from './tools.js';

const ZONE = [
  'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
  'zmint server add web1 --dns web1.example.com --yes',
];

/** A zone with two servers, and roots of others in `partner.pem` and `other.pem` beside it. */
export interface TrustBench {
  readonly at: CommandLine;
  /** PEM. */
  readonly partner: string;
  readonly other: string;
  /** The certificate of a server, with its chain. */
  readonly served: string;
  file(name: string): string;
  text(name: string): string;
  /** `openssl verify` by the clock of the zone; what it says. */
  verify(...args: readonly string[]): string;
}

/** What a program of the system prints. Throws when it fails. */
export function runTool(name: string, ...args: readonly string[]): string {
  return execFileSync(name, args, { env: toolEnvironment(), stdio: 'pipe' }).toString();
}

/** Makes it; `now` is the clock of the zone, noon of 2026-11-21 UTC unless given. */
export async function trustBench(now?: number): Promise<TrustBench> {
  const at = commandLine();
  at.now = now ?? at.now;
  const file = (name: string): string => join(at.zoneHome, '..', name);
  await at.given(ZONE);
  const partner = pemOf((await partnerRoot()).certificate);
  const other = pemOf((await partnerRoot('Other Root')).certificate);
  writeFileSync(file('partner.pem'), partner);
  writeFileSync(file('other.pem'), other);
  writeFileSync(file('secret.txt'), 'correct horse\n', { mode: 0o600 });
  return {
    at,
    partner,
    other,
    served: join(at.zoneHome, 'servers/web1/security/live/server.cer'),
    file,
    text: (name) => readFileSync(file(name), 'utf8'),
    verify: (...args) => runTool('openssl', 'verify', '-attime', String(at.now + 60), ...args),
  };
}
