import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine } from './command-line.js';

/** The files that examples name, from a zone of their own, in the working folder. */
export async function layExampleFiles(at: CommandLine): Promise<void> {
  const folder = join(at.zoneHome, '..');
  const zone = join(folder, 'example-zone');
  if (existsSync(zone)) return;
  await at.given([
    `zmint init --zone ${zone} --name Example --server web1 --dns web1.example.com --no-passphrase --yes`,
  ]);
  const live = join(zone, 'servers/web1/security/live');
  copyFileSync(join(live, 'server.cer'), join(folder, 'server.cer'));
  copyFileSync(join(live, 'server.cer'), join(folder, 'web1.cer'));
  copyFileSync(join(live, 'ca.cert'), join(folder, 'ca.cert'));
  copyFileSync(join(live, 'ca.cert'), join(folder, 'chain.pem'));
  copyFileSync(join(live, 'key.pem'), join(folder, 'web1.key'));
  for (const name of ['secret.txt', 'in.txt', 'out.txt']) {
    writeFileSync(join(folder, name), 'correct horse\n');
    chmodSync(join(folder, name), 0o600);
  }
  await at.given([
    'zmint cert convert web1.cer --key web1.key --to p12 --out web1.p12 --out-passphrase-file out.txt',
    'zmint cert convert web1.cer --to p7b --out chain.p7b',
  ]);
}
