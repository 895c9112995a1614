import { ZmintError } from '../../src/errors.js';
import { buildSession } from './build-session.js';
import type { Catalog } from './catalog.js';
import { styleFor } from './colour.js';
import type { Command, Outcome, StreamedOutcome } from './command.js';
import { jsonText } from './json-text.js';
import { parseInput } from './parse-input.js';
import { printStream } from './print-stream.js';
import type { GlobalOptions } from './session.js';
import type { Surroundings } from './surroundings.js';
import { warnExpiry } from './warn-expiry.js';

/** A command that was found, with what stood behind its words. */
export interface Call {
  readonly command: Command;
  readonly words: readonly string[];
  readonly globals: GlobalOptions;
  readonly catalog: Catalog;
}

/**
 * Parses the input, runs the command, prints its outcome as text or JSON, lets go of everything and
 * returns the exit status. Throws what the command throws, before anything is printed but pieces of a
 * `StreamedOutcome`.
 */
export async function runCommand(call: Call, surroundings: Surroundings): Promise<number> {
  const { command, globals } = call;
  if (!command.changes && (globals.dryRun || globals.yes)) {
    const flag = globals.dryRun ? '--dry-run' : '--yes';
    throw new ZmintError('usage', `zmint ${command.name} changes nothing and takes no ${flag}`);
  }
  const now = surroundings.now();
  const { offsetAt, out } = surroundings;
  const input = await parseInput(command, call.words, { now, offsetAt });
  const style = await styleFor(out, surroundings, globals.noColor);
  const { session, opened, close } = buildSession({ ...call, now, style, surroundings });
  try {
    const outcome = await command.run(session, input);
    await print(command, outcome, globals, surroundings);
    return outcome.status ?? 0;
  } finally {
    const silent = globals.json || globals.quiet || command.expiryWarning === 'never';
    const zone = silent ? undefined : opened();
    if (zone !== undefined) {
      await warnExpiry(zone, {
        now,
        always: command.expiryWarning === 'always',
        ledger: () => surroundings.warnings(),
        warn: (line) => {
          session.warn(line);
        },
      });
    }
    close();
  }
}

function schemaOf(command: Command): string {
  return `zmint.${command.name.replaceAll(' ', '-')}/1`;
}

async function print(
  command: Command,
  outcome: Outcome | StreamedOutcome,
  globals: GlobalOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { out, err } = surroundings;
  if ('list' in outcome) return printStream(schemaOf(command), outcome, globals.json, out);
  if (globals.json) {
    const schema = schemaOf(command);
    const document = typeof outcome.json === 'function' ? outcome.json() : outcome.json;
    out.write(jsonText({ schema, ...document }, out.isTerminal));
    return;
  }
  const text = typeof outcome.text === 'function' ? outcome.text() : outcome.text;
  if (text !== '') out.write(text.endsWith('\n') ? text : `${text}\n`);
  if (globals.quiet) return;
  for (const line of outcome.diagnostics ?? []) err.write(`${line}\n`);
}
