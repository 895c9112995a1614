import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

const FOLDERS = [
  'etc/ssl/certs',
  'etc/ca-certificates/update.d',
  'usr/local/share/ca-certificates',
  'usr/share/ca-certificates/mozilla',
];

/** A folder in which update-ca-certificates finds what it needs; `theirs` is a root of the system, PEM. */
export function scratchSystem(theirs?: string): string {
  const root = temporaryFolder();
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  const name = 'mozilla/theirs.crt';
  const configured = theirs === undefined ? '' : `${name}\n`;
  writeFileSync(join(root, 'etc/ca-certificates.conf'), configured);
  if (theirs !== undefined) writeFileSync(join(root, 'usr/share/ca-certificates', name), theirs);
  return root;
}
