import { ZmintError } from '../../src/errors.js';
import type { Catalog, ComingEntry } from './catalog.js';
import { styleFor } from './colour.js';
import { findCommand, type Found } from './find-command.js';
import { jsonText } from './json-text.js';
import { readGlobals, wantsJson, type Line } from './read-globals.js';
import type { Telling } from './report-error.js';
import { PLAIN } from './style.js';
import type { Output, Surroundings } from './surroundings.js';
import { versionLine } from './version-line.js';

/**
 * Runs one command line and returns its exit status. Never ends the process and never throws; an
 * interrupt ends it at once with 130, and nothing is printed after that.
 */
export async function main(
  argv: readonly string[],
  surroundings: Surroundings,
  catalog: Catalog,
): Promise<number> {
  const state = { over: false };
  const gated = (output: Output): Output => ({
    isTerminal: output.isTerminal,
    get columns() {
      return output.columns;
    },
    write: (text) => {
      if (!state.over) output.write(text);
    },
  });
  const inside = { ...surroundings, out: gated(surroundings.out), err: gated(surroundings.err) };
  let forget = (): void => undefined;
  const interrupted = new Promise<number>((resolve) => {
    forget = surroundings.onInterrupt(() => {
      const error = new ZmintError('interrupted', 'interrupted');
      state.over = true;
      resolve(report(error, { json: wantsJson(argv), verbose: false }, surroundings));
    });
  });
  try {
    const status = await Promise.race([dispatch(argv, inside, catalog), interrupted]);
    return state.over ? await interrupted : status;
  } finally {
    forget();
  }
}

async function dispatch(
  argv: readonly string[],
  surroundings: Surroundings,
  catalog: Catalog,
): Promise<number> {
  const telling: Telling = { json: wantsJson(argv), verbose: argv.includes('--verbose') };
  let command: string | undefined;
  try {
    const line = readGlobals(argv);
    if (line.version) return printVersion(line, surroundings);
    const found = findCommand(catalog, line.rest);
    if (found.kind === 'command') command = found.entry.name;
    return await follow(found, { line, catalog }, surroundings);
  } catch (error) {
    const style = await styleFor(surroundings.err, surroundings, argv.includes('--no-color'));
    const known = command === undefined ? telling : { ...telling, command };
    return report(error, { ...known, style }, surroundings);
  }
}

/** What few lines need is loaded when it is needed. */
async function report(
  error: unknown,
  telling: Telling,
  surroundings: Pick<Surroundings, 'out' | 'err'>,
): Promise<number> {
  const { reportError } = await import('./report-error.js');
  return reportError(error, telling, surroundings);
}

interface Asked {
  readonly line: Line;
  readonly catalog: Catalog;
}

async function follow(found: Found, asked: Asked, surroundings: Surroundings): Promise<number> {
  const { line, catalog } = asked;
  const { out } = surroundings;
  if (line.help || found.kind === 'nothing') {
    const style = await styleFor(out, surroundings, line.globals.noColor);
    const { helpText } = await import('./help-text.js');
    const text = await helpText(found, catalog, { width: out.columns ?? 80, style });
    return printHelp(text, line, out);
  }
  if (found.kind === 'noun') return nounAlone(found.noun, asked, surroundings);
  if (found.entry.kind === 'coming') throw notYet(found.entry);
  const command = await found.entry.load();
  const { runCommand } = await import('./run-command.js');
  return runCommand({ command, words: found.rest, globals: line.globals, catalog }, surroundings);
}

async function nounAlone(noun: string, asked: Asked, surroundings: Surroundings): Promise<number> {
  if (asked.line.globals.json) {
    throw new ZmintError('usage', `"${noun}" alone is no command`, { hint: `zmint help ${noun}` });
  }
  const { nounPage } = await import('./help-page.js');
  const { exitStatus } = await import('./exit-status.js');
  const surface = { width: surroundings.err.columns ?? 80, style: PLAIN };
  surroundings.err.write(nounPage(asked.catalog, noun, surface));
  return exitStatus('usage');
}

function notYet(entry: ComingEntry): ZmintError {
  return new ZmintError('not-available-yet', `zmint ${entry.name} does not exist yet`);
}

function printVersion(line: Line, surroundings: Surroundings): number {
  const { version, out } = surroundings;
  const json = jsonText({ schema: 'zmint.version/1', version }, out.isTerminal);
  out.write(line.globals.json ? json : versionLine(version));
  return 0;
}

function printHelp(text: string, line: Line, out: Output): number {
  const json = jsonText({ schema: 'zmint.help/1', text }, out.isTerminal);
  out.write(line.globals.json ? json : text);
  return 0;
}
