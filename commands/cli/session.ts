import type {
  CustodyContext,
  FormatContext,
  GlanceContext,
  Instant,
  OffsetAt,
  OperationContext,
  OutsideContext,
  ReadContext,
  TokenContext,
  WriterFacts,
} from '../../src/index.js';
import type { Manual } from './manual.js';
import type { Style } from './style.js';
import type { Opened } from './surroundings.js';

/** The options that every command takes, wherever they stand on the line. */
export interface GlobalOptions {
  /** `--zone DIR`, as typed. */
  readonly zone?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly passphraseFile?: string;
  readonly passphraseFd?: number;
  /** Of the PIN of a token. */
  readonly pinFile?: string;
  readonly pinFd?: number;
}

/** What a command may print beside its result, and how. */
export interface Terminal {
  /** Whether a person can see and answer: standard input and standard error are terminals. */
  readonly interactive: boolean;
  /** Columns of standard output; 80 when it is no terminal. */
  readonly width: number;
  /** Colours for standard output; plain text when there are to be none. */
  readonly style: Style;
  /** A line or block on standard error, part of a dialogue: shown even with --quiet. */
  note(text: string): void;
}

/** A choice of a menu: what is shown, what comes back. */
export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

/** How one line is asked for. */
export interface LineOptions {
  readonly preset?: string;
  /** What is wrong with the text, or undefined. */
  readonly check?: (text: string) => string | undefined;
  /** The question alone, without a mark in front: for menus that are to look as they did. */
  readonly plain?: boolean;
}

/**
 * Questions to the person at the terminal, on standard error. Each throws `question-unanswered`,
 * naming the question, when there is nobody to ask, and `interrupted` on Ctrl-C.
 */
export interface Asker {
  line(question: string, options?: LineOptions): Promise<string>;
  yesNo(question: string, preset: boolean): Promise<boolean>;
  choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T>;
  chooseMany<T>(question: string, choices: readonly Choice<T>[]): Promise<readonly T[]>;
}

/** What is about to happen, and the question that lets it. */
export interface Confirmation {
  /** The plan as text, outside text in it escaped; printed on standard error unless --json or --quiet. */
  readonly plan: string;
  /** A whole question: `Remint the CA and 3 servers?` */
  readonly question: string;
}

/** `go`: do it. `dry-run`: the plan was all that was wanted; return an outcome that says so. */
export type Answer = 'go' | 'dry-run';

/** The one thing that a command's `run` gets to reach the world. */
export interface Session {
  /** The command's one reading of the clock; operations take it from their plan. */
  readonly now: Instant;
  readonly offsetAt: OffsetAt;
  readonly options: GlobalOptions;
  /** The same as in `options`, for short. */
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** For the commands that speak about commands. */
  readonly manual: Manual;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute, without a slash at its end; whether or not there is a zone. */
  readonly zoneHome: string;
  readonly terminal: Terminal;
  readonly ask: Asker;
  /** Who is changing the zone; undefined: nobody. Throws `unsafe-path`, `storage`. */
  findWriter(): Promise<WriterFacts | undefined>;
  /** As `open`, for commands that are called every minute: the database and the live links alone. */
  glance(): Promise<GlanceContext>;
  /** The zone for reading: never waits, never writes. Throws `no-zone`, `damaged`. */
  open(): Promise<ReadContext>;
  /**
   * The zone for its one writer; `command` is what others are told while they wait. Throws `no-zone`,
   * `busy`, `damaged`. A second call returns the same context; the frame closes it.
   */
  openForWriting(command: string): Promise<OperationContext>;
  /** As `openForWriting`, for a zone home that has no zone yet. Throws `zone-exists`. */
  create(command: string): Promise<OperationContext>;
  /**
   * Shows the plan, then: --dry-run answers `dry-run`; --yes answers `go`; a person is asked, and a
   * no throws `interrupted`; without a terminal it throws `question-unanswered`. Never hangs.
   */
  confirm(confirmation: Confirmation): Promise<Answer>;
  /** A warning line on standard error; never in JSON, not with --quiet. */
  warn(line: string): void;
  /** What files of certificates are read and written with; no zone is needed. */
  formats(): Promise<FormatContext>;
  /** Backups, whether there is a zone or not; `command` is told to those that find a zone busy. */
  custody(command: string): Promise<CustodyContext>;
  /** Keys in tokens, by the PIN that the options name; no zone is needed. The caller closes it. */
  tokens(): Promise<Opened<TokenContext>>;
  /** Servers of others, and stores and files of roots on this machine; no zone is needed. */
  outside(): Promise<OutsideContext>;
  /**
   * What --passphrase-file or --passphrase-fd names, for a file and not for the CA; undefined when
   * neither is given. Bytes of UTF-8 in NFC; the caller wipes them. Throws `not-found`,
   * `unsafe-path`, `unreadable`.
   */
  filePassphrase(): Promise<Uint8Array | undefined>;
  /** The passphrase in a file that an option names. As `filePassphrase`. */
  readPassphrase(path: string): Promise<Uint8Array>;
  /** The secret behind an open descriptor that an option names. As `filePassphrase`. */
  readDescriptor(fd: number): Promise<Uint8Array>;
  /** Takes the arguments out of what others see of this process, for those that held a secret. */
  hideArguments(): void;
  /** Asks for a secret without echo. Throws as the questions of `Asker` do. */
  askSecret(question: string): Promise<Uint8Array>;
  /** The bytes of a file that an option or argument names. Throws `unreadable`; more than `limit` bytes (16 MiB) are too. */
  readFile(path: string, limit?: number): Promise<Uint8Array>;
  /**
   * Judges the place of a result before anything is done for it: a file, or the folder for several.
   * Throws `usage` when the folder is not there, or something else has that name; `storage` when it
   * cannot be written to.
   */
  requirePlace(path: string, kind: 'file' | 'folder'): Promise<void>;
  /** Writes a result file (`--out`) durably, 0644 unless `secret`. Throws as `requirePlace`. */
  writeFile(path: string, bytes: Uint8Array, secret?: 'secret'): Promise<void>;
  /** Gives a result file its name in the same folder, over what has that name, durably. Throws `storage`. */
  renameFile(from: string, to: string): Promise<void>;
  /** The names in a folder that an option names, sorted. Throws `unreadable`. */
  listFolder(path: string): Promise<readonly string[]>;
  /** Whether there is something with that name already. */
  exists(path: string): Promise<boolean>;
  /** A path from the command line made absolute against the working folder. */
  absolute(path: string): string;
}
