import type {
  CustodyContext,
  FormatContext,
  GlanceContext,
  Instant,
  OffsetAt,
  OperationContext,
  OutsideContext,
  Progress,
  ReadContext,
  Seconds,
  TokenContext,
  WarningLedger,
  WriterFacts,
} from '../../src/index.js';

/** One of the two output streams. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns, when it is a terminal that knows. */
  readonly columns: number | undefined;
  /** Writes everything before it returns. A reader that has gone away is no error. */
  write(text: string): void;
}

/** Where a passphrase may come from, in this order: descriptor, file, credentials folder, a person. */
export interface PassphraseOptions {
  readonly fd: number | undefined;
  readonly file: string | undefined;
  /** Asks a person, without echo; throws `question-unanswered` when nobody is there. */
  ask(question: string): Promise<string>;
}

/** Where the PIN of a token may come from; further places are said by the URI of the key and `bin`. */
export type PinOptions = PassphraseOptions;

/** A file or an open descriptor with a passphrase. */
export type SecretPlace =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'fd'; readonly fd: number };

/** What is wanted of the zone. */
export interface ZoneRequest {
  readonly zoneHome: string;
  /** The words of the command, told to those that find the zone busy. */
  readonly command: string;
  readonly progress: Progress;
  readonly passphrase: PassphraseOptions;
  readonly pin: PinOptions;
}

/** A context, and how to let go of it. */
export interface Opened<T> {
  readonly context: T;
  readonly close: () => void;
}

/** The ways into a zone; what each throws is said at `Session`. */
export interface ZoneAccess {
  glance(request: ZoneRequest): Promise<Opened<GlanceContext>>;
  open(request: ZoneRequest): Promise<Opened<ReadContext>>;
  openForWriting(request: ZoneRequest): Promise<Opened<OperationContext>>;
  create(request: ZoneRequest): Promise<Opened<OperationContext>>;
  /** Who is changing the zone in this folder; undefined: nobody. Waits for nothing. */
  findWriter(zoneHome: string): Promise<WriterFacts | undefined>;
}

/** Everything outside that the command line needs: `bin` gives the real things, tests give others. */
export interface Surroundings {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  userHome(): string;
  readonly stdinIsTerminal: boolean;
  readonly out: Output;
  readonly err: Output;
  readonly zones: ZoneAccess;
  /** When this user was warned last. */
  warnings(): Promise<WarningLedger>;
  /** What files of certificates are read and written with; no zone is needed. */
  formats(): Promise<FormatContext>;
  /** Backups; `command` is told to those that find a zone busy. */
  custody(command: string): Promise<CustodyContext>;
  /** Keys in tokens, without a zone. */
  tokens(pin: PinOptions): Promise<Opened<TokenContext>>;
  /** What lies outside of a zone. */
  outside(): Promise<OutsideContext>;
  readonly offsetAt: OffsetAt;
  now(): Instant;
  /** Seconds by a clock that does not step, with fractions. */
  elapsed(): Seconds;
  /** Against the working folder; without a slash at the end. */
  absolute(path: string): string;
  readFile(path: string, limit: number): Promise<Uint8Array>;
  /** The names in a folder, sorted. Throws `unreadable`. */
  listFolder(path: string): Promise<readonly string[]>;
  writeFile(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Whether a result can be written there; what it throws is said at `Session`. */
  requirePlace(path: string, kind: 'file' | 'folder'): Promise<void>;
  /** Gives a file its name in the same folder, over what has that name, durably. */
  renameFile(from: string, to: string): Promise<void>;
  /** Whether anything has that name, even a link that leads nowhere. */
  exists(path: string): Promise<boolean>;
  /** A passphrase in a file or behind a descriptor; what it throws is said at `Session`. */
  readPassphrase(source: SecretPlace): Promise<Uint8Array>;
  /** Takes the arguments out of what others see of this process, for those that held a secret. */
  hideArguments(): void;
  /** The streams that a dialogue uses. */
  dialogue(): { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
  /** Calls the listener when the user interrupts; returns how to stop that. */
  onInterrupt(listener: () => void): () => void;
}
