import { REGISTRY } from '../../commands/registry.js';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { createCustodyContext } from '../../bin/custody-context.js';
import { createFormatContext } from '../../bin/format-context.js';
import { createOutsideContext } from '../../bin/outside-context.js';
import { listFolder, writeFile } from '../../bin/result-files.js';
import { requirePlace } from '../../bin/result-place.js';
import { readPassphrase } from '../../bin/read-passphrase.js';
import { createTokenContext } from '../../bin/token-context.js';
import { createZone, openZone, openZoneForWriting } from '../../bin/zone-access.js';
import { openGlance } from '../../bin/zone-glance.js';
import { main } from '../../commands/cli/main.js';
import type { Opened, Surroundings, ZoneAccess } from '../../commands/cli/surroundings.js';
import { createBackupBox } from '../../src/adapters/crypto/backup-box.js';
import type { ReadContext } from '../../src/index.js';
import type { ChainFetcher } from '../../src/ports/chain-fetcher.js';
import type { FaultLine } from './fault-line.js';
import { fakeSurroundings, fakeTerminal } from './fake-surroundings.js';
import { temporaryFolder } from './temporary-folder.js';
import { NOON } from './test-zone.js';

/** The work factor of backups: tests make many. */
const CHEAP = 10;

/** What a person types once a question that matches has been drawn. */
export interface Answer {
  readonly to: RegExp;
  readonly keys: string;
  /** Happens while the question is open. */
  readonly before?: () => Promise<unknown>;
}

/** How a command line ended; the zone home is shown as `$ZONE`. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly json: () => Record<string, unknown>;
}

/** Command lines in one fresh zone home, on real files and SQLite; clock and terminal are faked. */
export interface CommandLine {
  readonly zoneHome: string;
  /** The wall clock of every command; noon of 2026-11-21 UTC at first. */
  now: number;
  /** Counts the effects of the next commands, and lets one of them die. */
  faults?: FaultLine;
  /** In place of the network, for `getsscert`. */
  chains?: ChainFetcher;
  /** As a script runs it, or with `person` as somebody at a terminal of 80 columns. */
  run(line: string, person?: readonly Answer[]): Promise<Ran>;
  /** Runs lines that must all end with 0, without output. */
  given(lines: readonly string[]): Promise<void>;
}

export function commandLine(): CommandLine {
  const zoneHome = join(temporaryFolder(), 'zone');
  const world: CommandLine = {
    zoneHome,
    now: NOON,
    run: async (line, person) => {
      const facts = faultyIn(world, surroundingsOf(world));
      const surroundings =
        person === undefined
          ? fakeSurroundings(facts)
          : fakeTerminal({ ...facts, dialogue: dialogueWith([...person]) });
      const [zmint, ...words] = splitWords(line);
      if (zmint !== 'zmint') throw new Error(`not a line of zmint: ${line}`);
      const status = await main(words, surroundings, REGISTRY);
      const shown = (text: string): string => text.replaceAll(zoneHome, '$ZONE');
      const out = shown(surroundings.out.text);
      const json = (): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
      return { status, out, err: shown(surroundings.err.text), json };
    },
    given: async (lines) => {
      for (const line of lines) {
        const { status, err } = await world.run(line);
        if (status !== 0) throw new Error(`${line} ended with ${status}: ${err}`);
      }
    },
  };
  return world;
}

/** The words of a line as a shell splits it; quotes of both kinds, no escapes. */
function splitWords(line: string): readonly string[] {
  const words = line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/gu);
  return [...words].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/gu, '$1$2'));
}

type Effects = Pick<Surroundings, 'writeFile' | 'renameFile' | 'zones'>;

function surroundingsOf(world: CommandLine): Partial<Surroundings> & Effects {
  return {
    environment: { ZMINT_ZONE: world.zoneHome, NO_COLOR: '1' },
    now: () => world.now,
    absolute: (path) => resolve(world.zoneHome, '..', path),
    listFolder: (path) => Promise.resolve(listFolder(path)),
    readFile: (path) => Promise.resolve(readFileSync(path)),
    requirePlace: async (path, kind) => {
      await Promise.resolve();
      requirePlace(path, kind);
    },
    writeFile: (path, bytes, mode) => {
      writeFile(path, bytes, mode);
      return Promise.resolve();
    },
    renameFile: (from, to) => {
      renameSync(from, to);
      return Promise.resolve();
    },
    exists: (path) => Promise.resolve(existsSync(path)),
    readPassphrase: (place) => Promise.resolve(readPassphrase(place)),
    formats: () => Promise.resolve(createFormatContext()),
    tokens: (pin) => Promise.resolve(createTokenContext(pin)),
    outside: () => {
      const outside = createOutsideContext();
      return Promise.resolve({ ...outside, chains: world.chains ?? outside.chains });
    },
    custody: (command) =>
      Promise.resolve({ ...createCustodyContext(command), box: createBackupBox(CHEAP) }),
    zones: zonesAt(world),
  };
}

/** Result files and commits are what a command can die at. */
function faultyIn(
  { faults }: CommandLine,
  facts: Partial<Surroundings> & Effects,
): Partial<Surroundings> {
  if (faults === undefined) return facts;
  const { zones, writeFile, renameFile } = facts;
  return {
    ...facts,
    ...faults.wrap('files', { writeFile, renameFile }, ['writeFile', 'renameFile']),
    zones: {
      ...zones,
      openForWriting: async (request) => {
        const { context, close } = await zones.openForWriting(request);
        return {
          context: { ...context, store: faults.wrap('store', context.store, ['commit']) },
          close,
        };
      },
    },
  };
}

function zonesAt(world: CommandLine): ZoneAccess {
  const timed = <C extends ReadContext>({ context, close }: Opened<C>): Opened<C> => ({
    context: { ...context, clock: { ...context.clock, now: () => world.now } },
    close,
  });
  return {
    glance: openGlance,
    open: async (request) => timed(await openZone(request)),
    openForWriting: async (request) => timed(await openZoneForWriting(request)),
    create: async (request) => timed(await createZone(request)),
    findWriter: () => Promise.resolve(undefined),
  };
}

/**
 * The streams of a person's dialogue: each answer is typed when its question has been drawn, in
 * order. Each question gets fresh ones, since inquirer ends those that are no terminal.
 */
function dialogueWith(answers: Answer[]): Surroundings['dialogue'] {
  return () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let drawn = '';
    let answered = false;
    output.on('data', (chunk: Buffer) => {
      drawn += chunk.toString();
      const [next] = answers;
      if (answered || next?.to.test(drawn) !== true) return;
      answers.shift();
      answered = true;
      // A question listens only after it was drawn.
      setTimeout(() => {
        void Promise.resolve(next.before?.()).then(() => input.write(next.keys));
      }, 20);
    });
    return { input, output };
  };
}
