import type { ErrorCode } from '../../src/errors.js';
import type { Instant, OffsetAt } from '../../src/index.js';
import type { Session } from './session.js';

/** What a parse function may know beside the text: the command's one reading of the clock. */
export interface ParseContext {
  readonly now: Instant;
  /** The system's time zone. */
  readonly offsetAt: OffsetAt;
}

/** Text to value. Throws `usage` or `policy`; the frame puts the option's name before the message. */
export type Parse<T> = (text: string, context: ParseContext) => T;

interface OptionFacts {
  /** The long flag, `--keep-key`. */
  readonly flag: `--${string}`;
  /** A short flag, `-f`. Old habits such as `-ksp` may have more than one letter. */
  readonly short?: `-${string}`;
  /** A phrase in lower case without a full stop. */
  readonly summary: string;
  /** Works, but is not shown in help and completion. */
  readonly hidden?: boolean;
}

/** `--keep-key`: there or not there. The command's input holds a boolean. */
export interface FlagOption extends OptionFacts {
  readonly kind: 'flag';
}

/** `--key SPEC`: at most once. The input holds the parsed value, or undefined. */
export interface ValueOption<T> extends OptionFacts {
  readonly kind: 'value';
  /** Name of the value in help, in capitals: `SPEC`. */
  readonly value: string;
  /** The value may be left out, as old habits do; the text is then empty. */
  readonly bare?: boolean;
  readonly parse: Parse<T>;
}

/** `--ip ADDR --ip ADDR`: any number of times. The input holds a list, empty when not given. */
export interface ListOption<T> extends OptionFacts {
  readonly kind: 'list';
  readonly value: string;
  readonly parse: Parse<T>;
}

export type Option = FlagOption | ValueOption<unknown> | ListOption<unknown>;

interface ArgumentFacts<T> {
  /** Name in help, in capitals: `SERVER`. */
  readonly value: string;
  readonly summary: string;
  readonly parse: Parse<T>;
}

/** An argument that must be given once. */
export interface RequiredArgument<T> extends ArgumentFacts<T> {
  readonly kind: 'required';
}
/** An argument that may be given once; undefined otherwise. */
export interface OptionalArgument<T> extends ArgumentFacts<T> {
  readonly kind: 'optional';
}
/** All the remaining arguments, perhaps none; only as the last one. */
export interface RestArgument<T> extends ArgumentFacts<T> {
  readonly kind: 'rest';
}

export type Argument =
  RequiredArgument<unknown> | OptionalArgument<unknown> | RestArgument<unknown>;

export type Arguments = Readonly<Record<string, Argument>>;
export type Options = Readonly<Record<string, Option>>;

/** The value that an option or argument leaves in the command's input. */
export type ValueOf<S> = S extends { readonly kind: 'flag' }
  ? boolean
  : S extends { readonly kind: 'list' | 'rest'; readonly parse: Parse<infer T> }
    ? readonly T[]
    : S extends { readonly kind: 'required'; readonly parse: Parse<infer T> }
      ? T
      : S extends { readonly parse: Parse<infer T> }
        ? T | undefined
        : never;

/** Arguments and options by their keys, parsed. */
export type InputOf<A extends Arguments, O extends Options> = {
  readonly [K in keyof A]: ValueOf<A[K]>;
} & { readonly [K in keyof O]: ValueOf<O[K]> };

export type Input = Readonly<Record<string, unknown>>;

/** A JSON object without its `schema`, which the frame puts first: `zmint.<command-words>/1`. */
export type JsonDocument = Readonly<Record<string, unknown>>;

/** What a command leaves behind. Only one of `json` and `text` is used: a function is called then. */
export interface Outcome {
  readonly json: JsonDocument | (() => JsonDocument);
  /** The result for people, for standard output; outside text in it is escaped already. */
  readonly text: string | (() => string);
  /** 0 when left out; 40 for `partial`; see `exit-status.ts`. */
  readonly status?: number;
  /** Lines for standard error after the result: what to type next. Not with --json or --quiet. */
  readonly diagnostics?: readonly string[];
}

/**
 * A result that may be too long for memory, printed piece by piece. What goes wrong after the first
 * piece leaves the result cut short, as the exit status and the error behind it say.
 */
export interface StreamedOutcome {
  /** The document: a list under a key. */
  readonly list: string;
  readonly rows: () => AsyncIterable<readonly JsonDocument[]>;
  /** The result for people; outside text in it is escaped already. */
  readonly pieces: () => AsyncIterable<string>;
  readonly status?: number;
}

/** A command line of the help page; a test runs every one. */
export interface Example {
  /** As typed: `zmint ssl remint --all`. */
  readonly line: string;
  /** What it shows, a phrase. */
  readonly shows: string;
  /** What it prints on standard output; `…` at the end of a line stands for anything. */
  readonly output?: string;
  /** Command lines that come before it, in a fresh zone home. */
  readonly given?: readonly string[];
}

/** An exit status with a meaning that this command alone gives it. */
export interface OwnStatus {
  readonly status: number;
  readonly meaning: string;
}

/** A command as data, with what it does. One file holds one. */
export interface CommandSpec<A extends Arguments, O extends Options> {
  /** Its words: `ssl remint`. */
  readonly name: string;
  /** One line for lists, lower case, no full stop; the registry has the same. */
  readonly summary: string;
  /** A paragraph or two for its help page. */
  readonly description: string;
  readonly arguments: A;
  readonly options: O;
  /** Whether it changes something: it then takes --dry-run and --yes and must call `confirm`. */
  readonly changes: boolean;
  /** The error codes it can end with, beside `usage`, `bug` and `interrupted`. */
  readonly statuses: readonly ErrorCode[];
  /** Only `check`, which answers like a monitoring plugin. */
  readonly ownStatuses?: readonly OwnStatus[];
  readonly examples: readonly Example[];
  /**
   * The warning that the zone CA is about to expire follows every command that has opened a zone,
   * at most once a day. `always`: whenever the command runs. `never`: it tells that itself.
   */
  readonly expiryWarning?: 'always' | 'never';
  /**
   * Loads what is heavy when it runs, so that help stays light. The build takes only the names that
   * are used when it is written as `const { name } = await import('…')` of `src/index.js`.
   */
  run(session: Session, input: InputOf<A, O>): Promise<Outcome | StreamedOutcome>;
}

/** A command of which the frame knows only that its input fits its own data. */
export type Command = CommandSpec<Arguments, Options>;

/** Checks a command's data and lets `run` see the types of its arguments and options. */
export function defineCommand<A extends Arguments, O extends Options>(
  spec: CommandSpec<A, O>,
): CommandSpec<A, O> {
  return spec;
}
