import { resolve } from 'node:path';
import type { Surroundings } from '../commands/cli/surroundings.js';
import { descriptorOutput } from './descriptor-output.js';
import { isTerminal } from './is-terminal.js';
import { VERSION } from './version.js';

/** The real world for the command line. Everything that works is loaded when it is first used. */
export function createSurroundings(): Surroundings {
  return {
    version: VERSION,
    environment: process.env,
    isRoot: process.geteuid?.() === 0,
    userHome: () => process.getBuiltinModule('node:os').homedir(),
    stdinIsTerminal: isTerminal(0),
    out: descriptorOutput(1),
    err: descriptorOutput(2),
    now: () => Math.floor(Date.now() / 1000),
    offsetAt: (instant) => -60 * new Date(instant * 1000).getTimezoneOffset(),
    elapsed: () => performance.now() / 1000,
    absolute: (path) => resolve(path),
    listFolder: async (path) => (await import('./result-files.js')).listFolder(path),
    readFile: async (path, limit) => (await import('./result-files.js')).readFile(path, limit),
    writeFile: async (path, bytes, mode) => {
      (await import('./result-files.js')).writeFile(path, bytes, mode);
    },
    renameFile: async (from, to) => {
      (await import('./result-files.js')).renameFile(from, to);
    },
    requirePlace: async (path, kind) => {
      (await import('./result-place.js')).requirePlace(path, kind);
    },
    exists: async (path) => (await import('./result-files.js')).exists(path),
    readPassphrase: async (source) => (await import('./read-passphrase.js')).readPassphrase(source),
    formats: async () => (await import('./format-context.js')).createFormatContext(),
    custody: async (command) =>
      (await import('./custody-context.js')).createCustodyContext(command),
    tokens: async (pin) => (await import('./token-context.js')).createTokenContext(pin),
    outside: async () => (await import('./outside-context.js')).createOutsideContext(),
    zones: {
      glance: async (request) => (await import('./zone-glance.js')).openGlance(request),
      open: async (request) => (await import('./zone-access.js')).openZone(request),
      openForWriting: async (request) =>
        (await import('./zone-access.js')).openZoneForWriting(request),
      create: async (request) => (await import('./zone-access.js')).createZone(request),
      findWriter: async (zoneHome) =>
        (await import('../src/adapters/sql/find-writer.js')).findWriter(zoneHome),
    },
    warnings: async () =>
      (await import('../src/adapters/system/warning-ledger.js')).createWarningLedger(),
    ...ownProcess(),
  };
}

function ownProcess(): Pick<Surroundings, 'hideArguments' | 'dialogue' | 'onInterrupt'> {
  return {
    hideArguments: () => {
      // Node writes the title over the arguments in memory, and what is left of them is cleared.
      process.title = 'zmint';
    },
    dialogue: () => ({ input: process.stdin, output: process.stderr }),
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      return () => {
        process.off('SIGINT', listener);
      };
    },
  };
}
