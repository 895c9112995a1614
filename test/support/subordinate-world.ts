import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, type CommandLine } from './command-line.js';
import type { ExternalCa, SigningWish } from './external-ca.js';

/** The extensions of a CA that may sign servers and nothing below them. */
export const SUBORDINATE =
  'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n';

/** Lines that make a zone with two servers whose CA waits for its certificate. */
const WAITING_ZONE: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --ca internal --subordinate --no-passphrase --yes',
  'zmint server add web2 --dns web2.example.com --no-mint --yes',
];

/** A zone below the CA of a company, and the files of its administrator beside it. */
export interface SubordinateWorld {
  readonly at: CommandLine;
  /** Writes a file into the folder in which commands run, and returns its path. */
  file(name: string, bytes: string | Uint8Array): string;
  /** Writes a passphrase where its owner alone can read it, and returns the path. */
  secret(passphrase: string): string;
  /** The request for the CA's certificate as it was handed out. */
  csr(): string;
  /** What the company makes of that request, with its chain up to the root, as `ca.pem`. */
  signed(wish?: SigningWish, by?: ExternalCa): string;
}

/** A fresh zone; `lines` make it. */
export async function subordinateWorld(
  company: ExternalCa,
  lines: readonly string[] = WAITING_ZONE,
): Promise<SubordinateWorld> {
  const at = commandLine();
  const beside = (name: string): string => join(at.zoneHome, '..', name);
  const file = (name: string, bytes: string | Uint8Array): string => {
    writeFileSync(beside(name), bytes);
    return beside(name);
  };
  const csr = (): string => readFileSync(beside('ca.csr'), 'latin1');
  file('chain.pem', company.intermediate + company.root);
  await at.given(lines);
  return {
    at,
    file,
    secret: (passphrase) => {
      writeFileSync(beside('secret.txt'), passphrase, { mode: 0o600 });
      return beside('secret.txt');
    },
    csr,
    signed(wish = {}, by = company) {
      const own = by.sign(csr(), { extensions: SUBORDINATE, ...wish });
      return file('ca.pem', by.root + own + by.intermediate);
    },
  };
}
