import { ZmintError } from '../../src/errors.js';
import { defineCommand, type Outcome, type StreamedOutcome } from '../cli/command.js';
import { oneOf, text } from '../cli/parsers.js';
import type { Session } from '../cli/session.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { NO_FIELDS } from '../ssl/subject-fields.js';
import { sslRemint } from '../ssl/remint.js';
import { truststoreAdd } from '../truststore/add.js';
import { startServices } from './start-services.js';

const ACTIONS = [
  'SSL',
  'Start',
  'AddExternalCAToTrustStore',
  'CreateExtractorPacks',
  'RebuildCustomPacks',
] as const;
type Action = (typeof ACTIONS)[number];

interface ActionInput {
  readonly words: readonly string[];
  readonly alias: string | undefined;
  readonly replace: boolean;
}

type Run = (session: Session, input: ActionInput) => Promise<Outcome | StreamedOutcome>;

const RUNS: Readonly<Record<Action, Run>> = {
  SSL: (session, { words }) => sslRemint.run(session, { ...NOTHING_SAID, servers: words }),
  Start: (session, { words }) => startServices(session, words),
  AddExternalCAToTrustStore: addExternalCa,
  CreateExtractorPacks: packs,
  RebuildCustomPacks: packs,
};

const NOTHING_SAID = {
  all: false,
  ca: false,
  due: undefined,
  keepKey: false,
  key: undefined,
  keyLength: undefined,
  years: undefined,
  commonName: undefined,
  includeDns: false,
  noIncludeDns: false,
  activateAt: undefined,
  updateName: undefined,
  policy: undefined,
  compromised: false,
  keyUri: undefined,
  noBackupCheck: false,
  ...NO_FIELDS,
};

/** `zmint configure -c ACTION`: the action names of the old configuration tool. */
export const configure = defineCommand({
  name: 'configure',
  summary: 'run an action by its old name',
  description:
    'Each action is a command of zmint by its old name, with the prompts of old on a terminal. SSL is "zmint ssl remint" (bare: its menu). Start restarts the services whose reload commands are known: all are selected, and Restart is. AddExternalCAToTrustStore is "zmint add-ca-to-truststore": FILE and alias are asked for when they are not given, and with -Z an alias that exists is replaced. CreateExtractorPacks and RebuildCustomPacks will be "zmint update kit".',
  arguments: {
    words: {
      kind: 'rest',
      value: 'WORD',
      summary: 'servers for SSL and Start, the file for AddExternalCAToTrustStore',
      parse: text,
    },
  },
  options: {
    action: {
      kind: 'value',
      flag: '--action',
      short: '-c',
      value: 'ACTION',
      summary: ACTIONS.join(', '),
      parse: oneOf<Action>(ACTIONS),
    },
    replace: {
      kind: 'flag',
      flag: '--replace',
      short: '-Z',
      summary: 'do it though it was done before; replace an alias that exists',
    },
    alias: {
      kind: 'value',
      flag: '--alias',
      value: 'ALIAS',
      summary: 'what the CA is called in the trust store',
      parse: text,
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'not-available-yet',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'unreachable',
    'served-differs',
    'reload-failed',
    'storage',
    'token-unavailable',
    'partial',
  ],
  examples: [
    {
      line: 'zmint configure -c SSL -Z web1 --yes',
      shows: 'remint a server certificate; without web1 and --yes a terminal shows the menu',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint configure -c Start --yes',
      shows: 'restart all services that zmint knows how to restart',
      given: [...SMALL_ZONE, 'zmint server set web1 --reload true --yes'],
      output: 'web1: reloaded\n',
    },
  ],
  async run(session, { action, words, alias, replace }) {
    if (action === undefined) {
      throw new ZmintError('usage', `-c is missing: ${ACTIONS.join(', ')}`, {
        hint: 'zmint configure -c SSL',
      });
    }
    return RUNS[action](session, { words, alias, replace });
  },
});

function packs(): Promise<never> {
  return Promise.reject(
    new ZmintError('not-available-yet', 'zmint update kit, which packs this, does not exist yet'),
  );
}

/** The file must be given, the alias may be; -Z replaces, as it did. */
async function addExternalCa(
  session: Session,
  input: ActionInput,
): Promise<Outcome | StreamedOutcome> {
  const [given] = input.words;
  const isAsked = given === undefined && session.terminal.interactive;
  const file = isAsked ? await session.ask.line('File path of the external CA:') : given;
  if (file === undefined || file.trim() === '')
    throw new ZmintError('usage', 'the file of the external CA is missing', {
      hint: 'zmint configure -c AddExternalCAToTrustStore FILE',
    });
  const typed = isAsked ? await session.ask.line('Alias (Enter for none):') : '';
  const alias = input.alias ?? (typed.trim() === '' ? undefined : typed.trim());
  return truststoreAdd.run(session, { file: file.trim(), alias, replace: input.replace });
}
