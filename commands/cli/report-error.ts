import { ZmintError, type ErrorCode, type ErrorDetails } from '../../src/errors.js';
import { escapeText } from './escape-text.js';
import { EXIT_STATUSES, exitStatus } from './exit-status.js';
import { jsonText } from './json-text.js';
import { PLAIN, type Style } from './style.js';
import type { Surroundings } from './surroundings.js';

/** How an error is to be told. */
export interface Telling {
  readonly json: boolean;
  readonly verbose: boolean;
  /** The command's words, when it is known which: usage errors point at its help. */
  readonly command?: string;
  /** Of standard error. */
  readonly style?: Style;
}

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: ErrorDetails;
}

/**
 * Prints an error where it belongs (text on standard error, JSON on standard output) and returns the
 * exit status. What is no ZmintError is a `bug`.
 */
export function reportError(
  error: unknown,
  telling: Telling,
  surroundings: Pick<Surroundings, 'out' | 'err'>,
): number {
  const told = tell(error, telling);
  const stack = telling.verbose && error instanceof Error ? stackOf(error) : '';
  if (telling.json) {
    const details = stack === '' ? told.details : { ...told.details, stack };
    const document = { schema: 'zmint.error/1', ...told, details };
    surroundings.out.write(jsonText(document, surroundings.out.isTerminal));
  } else {
    const style = telling.style ?? PLAIN;
    surroundings.err.write(
      `zmint: ${style.bad('error')}: ${escapeText(told.message)}\n` +
        `zmint: ${style.warning('hint')}: ${escapeText(told.hint)}\n${stack}`,
    );
  }
  return exitStatus(told.code);
}

function tell(error: unknown, telling: Telling): Told {
  if (!(error instanceof ZmintError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'bug', message, hint: EXIT_STATUSES.bug.hint, details: {} };
  }
  const { code, message, details } = error;
  return { code, message, hint: error.hint ?? defaultHint(code, telling.command), details };
}

function defaultHint(code: ErrorCode, command: string | undefined): string {
  const ownHelp = code === 'usage' && command !== undefined;
  return ownHelp ? `zmint help ${command}` : EXIT_STATUSES[code].hint;
}

/** The stack and those of its causes, each line escaped. */
function stackOf(error: Error): string {
  const lines = (error.stack ?? error.message).split('\n').map((line) => `${escapeText(line)}\n`);
  const cause = error.cause instanceof Error ? `caused by ${stackOf(error.cause)}` : '';
  return lines.join('') + cause;
}
