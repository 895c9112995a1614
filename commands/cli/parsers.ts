import { ZmintError } from '../../src/errors.js';
import {
  parseDuration,
  parseFingerprint,
  parseKeySpec,
  parseMoment,
  parseTarget,
  parseWhen,
  type Activation,
  type Instant,
  type KeySpec,
  type Seconds,
} from '../../src/index.js';
import type { Parse, ParseContext } from './command.js';

/** Any text but none at all. Throws `usage` when it is empty or holds a NUL. */
export const text: Parse<string> = (word) => {
  if (word !== '' && !word.includes('\0')) return word;
  throw new ZmintError('usage', 'an empty text is not accepted');
};

/** A SPEC: `ec:P-256`, `rsa:3072` … Throws `usage`. */
export const keySpec: Parse<KeySpec> = (word) => parseKeySpec(word);

/** `--key-length N`: the RSA key of so many bits. Throws `usage`. */
export const keyLength: Parse<KeySpec> = (word) => parseKeySpec(`rsa:${word}`);

/** A WHEN: `now`, `ready`, a moment, a duration from now. Throws `usage`. */
export const when: Parse<Activation> = (word, context: ParseContext) => parseWhen(word, context);

/** A WHEN that is an instant: everything but `ready`. Throws `usage`. */
export const moment: Parse<Instant> = (word, context: ParseContext) => parseMoment(word, context);

/** `30d`, `36h`. Throws `usage`. */
export const duration: Parse<Seconds> = (word) => parseDuration(word);

/** A whole number from `least` to `most`, in decimal digits. Throws `usage`. */
export function wholeNumber(least: number, most: number): Parse<number> {
  return (word) => {
    const value = /^\d{1,15}$/u.test(word) ? Number(word) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new ZmintError('usage', `"${word}" is no whole number from ${least} to ${most}`);
  };
}

/**
 * One of some words, in any case. Throws `usage` with the list. In a command's data, name the type:
 * `oneOf<Shell>(SHELLS)`; it cannot be inferred there.
 */
export function oneOf<T extends string>(words: readonly T[]): Parse<T> {
  return (word) => {
    const found = words.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
    if (found !== undefined) return found;
    throw new ZmintError('usage', `"${word}" is not one of ${words.join(', ')}`);
  };
}

/** A SHA-256 fingerprint as tools print it. Throws `usage`. */
export const fingerprint: Parse<string> = (word) => parseFingerprint(word);

/** `HOST:PORT` or `[v6]:PORT`; the port may be left out for 443. Throws `policy`. */
export const hostPort: Parse<string> = (word) => parseTarget(word).text;

/** As another parser, but an empty text stays one: it takes a value away. */
export function orNothing(parse: Parse<string>): Parse<string> {
  return (word, context) => (word === '' ? '' : parse(word, context));
}

/** An instant that lies behind us: as `moment`, but a duration is reckoned backwards. Throws `usage`. */
export const pastMoment: Parse<Instant> = (word, context: ParseContext) =>
  /^\d+[a-z]+$/iu.test(word) ? context.now - parseDuration(word) : parseMoment(word, context);
