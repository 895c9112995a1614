import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { zmint, type TimedRun } from './run-program.js';
import { makeToken, softhsmFolder, softhsmModule } from './softhsm.js';
import { temporaryFolder } from './temporary-folder.js';

/** Long enough to be found wherever it lies. */
export const PIN = 'canary-pin-4711-0815';
/** The first server of such zones. */
export const FIRST = ['--server', 'ca1', '--dns', 'ca1.example.com', '--yes'];

/** A zone home and a folder of tokens of its own. */
export interface SofthsmWorld {
  readonly zoneHome: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pinFile: string;
  readonly runs: TimedRun[];
}

/** With a token `zmint` in the folder. */
export function makeWorld(): SofthsmWorld {
  const folder = temporaryFolder();
  const environment = softhsmFolder(folder);
  makeToken(environment, 'zmint', PIN);
  const pinFile = join(folder, 'pin');
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 });
  return { zoneHome: join(folder, 'zone'), environment, pinFile, runs: [] };
}

/** A key in that token. */
export function keyUri(object: string, query = ''): string {
  return `pkcs11:token=zmint;object=${object}?module-path=${softhsmModule()}${query}`;
}

/** Runs zmint with the token plugged in, unless the environment says otherwise. */
export async function run(
  { zoneHome, environment, runs }: SofthsmWorld,
  words: readonly string[],
  other: Readonly<Record<string, string>> = {},
): Promise<TimedRun> {
  const done = await zmint([...words, '--zone', zoneHome], {
    environment: { ...environment, ...other },
  });
  runs.push(done);
  return done;
}

/** As `run` with the PIN; it must go well. */
export async function sign(world: SofthsmWorld, ...words: readonly string[]): Promise<TimedRun> {
  const done = await run(world, [...words, '--pin-file', world.pinFile]);
  expect({ words, status: done.status, err: done.status === 0 ? '' : done.err }).toEqual({
    words,
    status: 0,
    err: '',
  });
  return done;
}

/** Makes a zone with the servers `ca1` and `web1` and its CA key in the token. */
export async function initWorld(): Promise<SofthsmWorld> {
  const world = makeWorld();
  await sign(world, 'init', '--name', 'Token', ...FIRST, '--key-uri', keyUri('ca'));
  await sign(world, 'server', 'add', 'web1', '--dns', 'web1.example.com', '--yes');
  return world;
}
