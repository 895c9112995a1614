import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { commandLine, type CommandLine, type Ran } from './command-line.js';
import type { ExternalCa, SigningWish } from './external-ca.js';
import { expectUnchanged } from './expect-unchanged.js';
import { checkHome, type SeenServer } from './zone-fsck.js';

/** A zone with an external CA and the files of its administrator beside it. */
export interface ImportWorld {
  readonly at: CommandLine;
  /** Writes a file into the folder in which commands run, and returns its path. */
  file(name: string, bytes: string | Uint8Array): string;
  /** The request of a server, from the file that was handed out. */
  csr(server: string): string;
  /** What the CA makes of a server's request, as a file of that name, `<server>.cer` by default. */
  signed(server: string, wish?: SigningWish, name?: string): string;
  /** A server's live set, by eyes of node:crypto; throws when it is not sound (I-1). */
  live(server: string): SeenServer;
  /** The certificate status of every server. */
  status(): Promise<Readonly<Record<string, unknown>>>;
  /** Runs a line that must fail with that status and text, and change nothing. */
  expectRefused(
    line: string,
    refusal: { readonly status: number; readonly said: string },
  ): Promise<Ran>;
}

/** Lines that make the zone with `web1` and `web2`, and a request for each. */
const TWO_SERVERS: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes',
  'zmint server add web2 --dns web2.example.com --yes',
  'zmint generate-csr --all --out . --yes',
];

/** A fresh zone of that CA; `lines` make it. */
export async function importWorld(
  ca: ExternalCa,
  lines: readonly string[] = TWO_SERVERS,
): Promise<ImportWorld> {
  const at = commandLine();
  const file = (name: string, bytes: string | Uint8Array): string => {
    const path = join(at.zoneHome, '..', name);
    writeFileSync(path, bytes);
    return path;
  };
  const csr = (server: string): string =>
    readFileSync(join(at.zoneHome, '..', `${server}.csr`), 'utf8');
  file('chain.pem', ca.intermediate + ca.root);
  file('root.pem', ca.root);
  await at.given(lines);
  return {
    at,
    file,
    csr,
    signed: (server, wish = {}, name = `${server}.cer`) => file(name, ca.sign(csr(server), wish)),
    live: (server) => checkHome(join(at.zoneHome, 'servers', server), new Date(at.now * 1000)),
    status: () => statusOf(at),
    expectRefused: (line, refusal) => expectRefused(at, line, refusal),
  };
}

async function statusOf(at: CommandLine): Promise<Readonly<Record<string, unknown>>> {
  const { servers } = (await at.run('zmint ssl list --json')).json() as {
    readonly servers: readonly { readonly name: string; readonly status: string }[];
  };
  return Object.fromEntries(servers.map((one) => [one.name, one.status]));
}

async function expectRefused(
  at: CommandLine,
  line: string,
  refusal: { readonly status: number; readonly said: string },
): Promise<Ran> {
  const ran = await expectUnchanged(at, line);
  expect(ran.err).toContain(refusal.said);
  expect(ran.status).toBe(refusal.status);
  return ran;
}
