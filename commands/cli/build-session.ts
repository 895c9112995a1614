import { ZmintError } from '../../src/errors.js';
import type { Instant } from '../../src/index.js';
import type { Catalog } from './catalog.js';
import type { Command } from './command.js';
import { escapeText } from './escape-text.js';
import { createProgressLines } from './progress-lines.js';
import { askSecret, createAsker, unanswered } from './prompts.js';
import type { Answer, Confirmation, GlobalOptions, Session, Terminal } from './session.js';
import type { Style } from './style.js';
import type { Opened, Surroundings, ZoneRequest } from './surroundings.js';
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
  close(): void;
}

const READ_LIMIT = 16 * 1024 * 1024;

/** Builds what a command's `run` gets. Nothing is opened or loaded before it is asked for. */
export function buildSession(parts: SessionParts): BuiltSession {
  const { surroundings, globals } = parts;
  const { err, out } = surroundings;
  const interactive = surroundings.stdinIsTerminal && err.isTerminal;
  const zoneHome = surroundings.absolute(chooseZoneHome({ ...surroundings, flag: globals.zone }));
  const progress = createProgressLines({
    err,
    quiet: globals.quiet,
    elapsed: () => surroundings.elapsed(),
  });
  const terminal: Terminal = {
    interactive,
    width: out.isTerminal ? (out.columns ?? 80) : 80,
    style: parts.style,
    note: (text) => {
      progress.clear();
      err.write(text.endsWith('\n') ? text : `${text}\n`);
    },
  };
  const request = (command: string): ZoneRequest => ({
    zoneHome,
    command,
    progress,
    passphrase: {
      fd: globals.passphraseFd,
      file: globals.passphraseFile,
      ask: (question) => askSecret(surroundings, interactive, question),
    },
  });
  const zones = openOnce(surroundings, request);
  const ask = createAsker(surroundings, interactive);
  const session: Session = {
    now: parts.now,
    offsetAt: surroundings.offsetAt,
    options: globals,
    json: globals.json,
    dryRun: globals.dryRun,
    yes: globals.yes,
    catalog: parts.catalog,
    environment: surroundings.environment,
    zoneHome,
    terminal,
    ask,
    open: () => zones.open(parts.command.name),
    openForWriting: zones.openForWriting,
    create: zones.create,
    confirm: (confirmation) => confirm(confirmation, { globals, terminal, ask }),
    warn: (line) => {
      if (!globals.quiet) terminal.note(`zmint: ${escapeText(line)}`);
    },
    readFile: (path, limit = READ_LIMIT) =>
      surroundings.readFile(surroundings.absolute(path), limit),
    writeFile: (path, bytes, secret) =>
      surroundings.writeFile(
        surroundings.absolute(path),
        bytes,
        secret === undefined ? 0o644 : 0o600,
      ),
    absolute: (path) => surroundings.absolute(path),
  };
  const close = (): void => {
    progress.clear();
    zones.close();
  };
  return { session, close };
}

/** What a running command says if it is asked to show its plan. */
async function confirm(
  confirmation: Confirmation,
  facts: Pick<Session, 'terminal' | 'ask'> & { readonly globals: GlobalOptions },
): Promise<Answer> {
  const { globals, terminal, ask } = facts;
  const { plan, question } = confirmation;
  const asking = !globals.yes && !globals.dryRun && terminal.interactive;
  const silent = globals.json || (globals.quiet && globals.yes && !globals.dryRun);
  if (asking || !silent) terminal.note(plan);
  if (globals.dryRun) return 'dry-run';
  if (globals.yes) return 'go';
  if (!terminal.interactive) {
    throw unanswered(question, 'add --yes to go ahead, or --dry-run to see the plan alone');
  }
  if (await ask.yesNo(question, false)) return 'go';
  throw new ZmintError('interrupted', 'stopped at the question; nothing was changed');
}

type Zones = Pick<Session, 'openForWriting' | 'create'> & {
  open(command: string): ReturnType<Session['open']>;
  close(): void;
};

/** Each way into the zone is taken at most once in a command; later calls get the same context. */
function openOnce(surroundings: Surroundings, request: (command: string) => ZoneRequest): Zones {
  const { zones } = surroundings;
  const opened: Opened<unknown>[] = [];
  const keep = <T>(open: (request: ZoneRequest) => Promise<Opened<T>>) => {
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
    open: keep((each) => zones.open(each)),
    openForWriting: keep((each) => zones.openForWriting(each)),
    create: keep((each) => zones.create(each)),
    close: () => {
      for (const each of opened.splice(0)) each.close();
    },
  };
}
