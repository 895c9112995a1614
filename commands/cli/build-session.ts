import { ZmintError } from '../../src/errors.js';
import type { Instant, ReadContext } from '../../src/index.js';
import type { Catalog } from './catalog.js';
import type { Command } from './command.js';
import { escapeText } from './escape-text.js';
import type { Manual } from './manual.js';
import { createProgressLines, type ProgressLines } from './progress-lines.js';
import { lazyAsker } from './lazy-asker.js';
import type { Answer, Asker, Confirmation, GlobalOptions, Session, Terminal } from './session.js';
import type { Style } from './style.js';
import type { Opened, Surroundings, ZoneRequest } from './surroundings.js';
import type { Surface } from './table.js';
import { chooseZoneHome } from './zone-home.js';

/** What a session is made from. */
export interface SessionParts {
  readonly command: Command;
  readonly globals: GlobalOptions;
  readonly catalog: Catalog;
  readonly now: Instant;
  /** Of standard output. */
  readonly style: Style;
  readonly surroundings: Surroundings;
}

/** A session, and the end of it: everything that it opened is let go. */
export interface BuiltSession {
  readonly session: Session;
  /** The zone that the command has opened, if it has. */
  readonly opened: () => Pick<ReadContext, 'store'> | undefined;
  readonly close: () => void;
}

const READ_LIMIT = 16 * 1024 * 1024;

/** Builds what a command's `run` gets. Nothing is opened or loaded before it is asked for. */
export function buildSession(parts: SessionParts): BuiltSession {
  const { surroundings, globals } = parts;
  const { err, stdinIsTerminal } = surroundings;
  const elapsed = (): number => surroundings.elapsed();
  const progress = createProgressLines({ err, quiet: globals.quiet, elapsed });
  const terminal = buildTerminal(parts, progress);
  const ask = lazyAsker(surroundings, stdinIsTerminal && err.isTerminal);
  const zoneHome = surroundings.absolute(chooseZoneHome({ ...surroundings, flag: globals.zone }));
  const zones = openOnce(surroundings, (command) => ({
    zoneHome,
    command,
    progress,
    ...secretsOf(globals, (question) => secret(surroundings, terminal.interactive, question)),
  }));
  const session: Session = {
    now: parts.now,
    offsetAt: surroundings.offsetAt,
    options: globals,
    json: globals.json,
    dryRun: globals.dryRun,
    yes: globals.yes,
    manual: buildManual(parts.catalog, terminal),
    environment: surroundings.environment,
    zoneHome,
    terminal,
    ask,
    findWriter: () => surroundings.zones.findWriter(zoneHome),
    ...buildReading(zones, parts.command.name),
    openForWriting: zones.openForWriting,
    create: zones.create,
    confirm: (confirmation) => confirm(confirmation, { globals, terminal, ask }),
    warn: (line) => {
      if (!globals.quiet) terminal.note(`zmint: ${escapeText(line)}`);
    },
    formats: () => surroundings.formats(),
    custody: (command) => surroundings.custody(command),
    outside: () => surroundings.outside(),
    ...buildSecrets(surroundings, globals, terminal.interactive),
    ...buildFiles(surroundings),
  };
  const close = (): void => {
    progress.clear();
    zones.close();
  };
  return { session, opened: () => zones.opened(), close };
}

function buildReading(zones: Zones, command: string): Pick<Session, 'glance' | 'open'> {
  return { glance: () => zones.glance(command), open: () => zones.open(command) };
}

function secretsOf(
  { passphraseFd, passphraseFile, pinFd, pinFile }: GlobalOptions,
  ask: (question: string) => Promise<string>,
): Pick<ZoneRequest, 'passphrase' | 'pin'> {
  return {
    passphrase: { fd: passphraseFd, file: passphraseFile, ask },
    pin: { fd: pinFd, file: pinFile, ask },
  };
}

function buildTerminal({ surroundings, style }: SessionParts, progress: ProgressLines): Terminal {
  const { err, out, stdinIsTerminal } = surroundings;
  return {
    interactive: stdinIsTerminal && err.isTerminal,
    width: out.isTerminal ? (out.columns ?? 80) : 80,
    style,
    note: (text) => {
      progress.clear();
      err.write(text.endsWith('\n') ? text : `${text}\n`);
    },
  };
}

function buildManual(catalog: Catalog, surface: Surface): Manual {
  return {
    page: async (words) => {
      const { findCommand } = await import('./find-command.js');
      const { helpText } = await import('./help-text.js');
      return helpText(findCommand(catalog, words), catalog, surface);
    },
    completion: async () => (await import('./describe-completion.js')).describeCompletion(catalog),
  };
}

type Files = Pick<
  Session,
  'readFile' | 'listFolder' | 'requirePlace' | 'writeFile' | 'renameFile' | 'exists' | 'absolute'
>;

function buildFiles(surroundings: Surroundings): Files {
  const absolute = (path: string): string => surroundings.absolute(path);
  return {
    absolute,
    exists: (path) => surroundings.exists(absolute(path)),
    listFolder: (path) => surroundings.listFolder(absolute(path)),
    readFile: (path, limit = READ_LIMIT) => surroundings.readFile(absolute(path), limit),
    requirePlace: (path, kind) => surroundings.requirePlace(absolute(path), kind),
    renameFile: (from, to) => surroundings.renameFile(absolute(from), absolute(to)),
    writeFile: (path, bytes, secret) =>
      surroundings.writeFile(absolute(path), bytes, secret === undefined ? 0o644 : 0o600),
  };
}

function buildSecrets(
  surroundings: Surroundings,
  globals: GlobalOptions,
  interactive: boolean,
): Pick<
  Session,
  'tokens' | 'filePassphrase' | 'readPassphrase' | 'readDescriptor' | 'askSecret' | 'hideArguments'
> {
  const { passphraseFd, passphraseFile } = globals;
  const ask = (question: string): Promise<string> => secret(surroundings, interactive, question);
  const fromFile = (path: string): Promise<Uint8Array> =>
    surroundings.readPassphrase({ kind: 'file', path: surroundings.absolute(path) });
  return {
    tokens: () => surroundings.tokens(secretsOf(globals, ask).pin),
    hideArguments: () => {
      surroundings.hideArguments();
    },
    readPassphrase: fromFile,
    readDescriptor: (fd) => surroundings.readPassphrase({ kind: 'fd', fd }),
    filePassphrase: async () => {
      if (passphraseFd !== undefined) {
        return surroundings.readPassphrase({ kind: 'fd', fd: passphraseFd });
      }
      return passphraseFile === undefined ? undefined : fromFile(passphraseFile);
    },
    askSecret: async (question) => {
      const answer = await ask(question);
      return new TextEncoder().encode(answer.normalize('NFC'));
    },
  };
}

async function secret(
  surroundings: Surroundings,
  interactive: boolean,
  question: string,
): Promise<string> {
  const { askSecret } = await import('./prompts.js');
  return askSecret(surroundings, interactive, question);
}

interface Circumstances {
  readonly globals: GlobalOptions;
  readonly terminal: Terminal;
  readonly ask: Asker;
}

async function confirm(
  { plan, question }: Confirmation,
  { globals, terminal, ask }: Circumstances,
): Promise<Answer> {
  if (showsPlan(globals, terminal)) terminal.note(plan);
  if (globals.dryRun) return 'dry-run';
  if (globals.yes) return 'go';
  if (!terminal.interactive) {
    const { unanswered } = await import('./prompts.js');
    throw unanswered(question, 'add --yes to go ahead, or --dry-run to see the plan alone');
  }
  if (await ask.yesNo(question, false)) return 'go';
  throw new ZmintError('interrupted', 'stopped at the question; nothing was changed');
}

/** Whoever is asked must see what about; a quiet --dry-run would say nothing at all without it. */
function showsPlan(globals: GlobalOptions, terminal: Terminal): boolean {
  const decided = globals.yes || globals.dryRun;
  if (!decided && terminal.interactive) return true;
  return !globals.json && (globals.dryRun || !globals.quiet);
}

type Zones = Pick<Session, 'openForWriting' | 'create'> & {
  glance(command: string): ReturnType<Session['glance']>;
  open(command: string): ReturnType<Session['open']>;
  opened(): Pick<ReadContext, 'store'> | undefined;
  close(): void;
};

/** Each way into the zone is taken at most once in a command; later calls get the same context. */
function openOnce(surroundings: Surroundings, request: (command: string) => ZoneRequest): Zones {
  const { zones } = surroundings;
  const opened: Opened<Pick<ReadContext, 'store'>>[] = [];
  const keep = <T extends Pick<ReadContext, 'store'>>(
    open: (request: ZoneRequest) => Promise<Opened<T>>,
  ) => {
    let context: Promise<T> | undefined;
    return (command: string): Promise<T> => {
      context ??= open(request(command)).then((each) => {
        opened.push(each);
        return each.context;
      });
      return context;
    };
  };
  return {
    glance: keep((each) => zones.glance(each)),
    open: keep((each) => zones.open(each)),
    openForWriting: keep((each) => zones.openForWriting(each)),
    create: keep((each) => zones.create(each)),
    opened: () => opened.at(-1)?.context,
    close: () => {
      for (const each of opened.splice(0)) each.close();
    },
  };
}
