import { ZmintError } from '../../src/errors.js';
import type { Activation, ReadContext } from '../../src/index.js';
import { when } from '../cli/parsers.js';
import type { Session } from '../cli/session.js';

/** What a person chose in the menus. */
export interface MenuChoice {
  readonly ca: boolean;
  readonly all: boolean;
  readonly servers: readonly string[];
  readonly activateAt: Activation;
}

const ENTRIES = [
  'Remint Primary Server Certificate',
  'Remint both CA and Primary Server Certificate',
] as const;

/** The menu of the configuration tool that the manuals print, with entry 1 or 2 marked. */
function remintMenu(selected: number): string {
  const lines = ENTRIES.map((entry, index) => {
    const mark = index + 1 === selected ? '(*)' : '< >';
    return `${index + 1}-${mark} ${entry}`;
  });
  return [
    'Choose an option?',
    ...lines,
    '',
    'Enter a value (1 - 2) to change the selection state. Pressing the Enter key',
    'without entering a number finalizes your selections:',
  ].join('\n');
}

/** Asks what to remint, which servers, and when they are to be activated. */
export async function askRemint(session: Session): Promise<MenuChoice> {
  const ca = (await askMenu(session)) === 2;
  const chosen = ca ? { all: false, servers: [] } : await askServers(session);
  return { ca, ...chosen, activateAt: await askActivation(session) };
}

async function askMenu(session: Session): Promise<number> {
  let selected = 1;
  for (;;) {
    session.terminal.note(remintMenu(selected));
    const typed = await session.ask.line('=', {
      plain: true,
      check: (text) => (/^[12]?$/u.test(text.trim()) ? undefined : 'enter 1, 2 or nothing'),
    });
    if (typed.trim() === '') return selected;
    selected = Number(typed);
  }
}

async function askServers(session: Session): Promise<Pick<MenuChoice, 'all' | 'servers'>> {
  const paths = await serverPaths(await session.open());
  if (paths.length < 2) return { all: true, servers: [] };
  const every = session.ask.yesNo(`All ${paths.length} servers?`, true);
  if (await every) return { all: true, servers: [] };
  const servers = await session.ask.chooseMany(
    'Which servers?',
    paths.map((path) => ({ name: path, value: path })),
  );
  if (servers.length > 0) return { all: false, servers };
  throw new ZmintError('interrupted', 'no server was chosen; nothing was changed');
}

async function serverPaths(ctx: ReadContext): Promise<readonly string[]> {
  const members = await ctx.store.members();
  return members
    .filter(({ kind }) => kind === 'primary' || kind === 'satellite')
    .map(({ path }) => path);
}

async function askActivation(session: Session): Promise<Activation> {
  const answer = await session.ask.line('Activate when? (now, ready, 36h, 2027-03-01T22:00 …)', {
    preset: 'ready',
    check: (text) => problemOf(() => when(text, session)),
  });
  return when(answer, session);
}

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof ZmintError) return `${error.message}; ${error.hint ?? ''}`;
    throw error;
  }
}
