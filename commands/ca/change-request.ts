import { ZmintError } from '../../src/errors.js';
import type { Activation, AuthorityWanted, CaChangeRequest, KeySpec } from '../../src/index.js';
import { unanswered } from '../cli/prompts.js';
import type { Session } from '../cli/session.js';
import { backupIsLater } from './backup-option.js';
import { askedActivation } from '../ssl/asked-activation.js';
import { requestsWish, type CsrInput } from '../ssl/csr-request.js';

type Subject = Pick<
  CsrInput,
  'cn' | 'o' | 'ou' | 'l' | 'st' | 'c' | 'key' | 'keyLength' | 'includeDns' | 'san'
>;

/** What was typed behind `ca change`. */
export interface CaChangeInput extends Subject {
  readonly to: 'external' | 'internal' | undefined;
  readonly chain: string | undefined;
  readonly csr: 'auto' | 'manual' | undefined;
  readonly server: string | undefined;
  readonly commonName: string | undefined;
  readonly years: number | undefined;
  readonly noPassphrase: boolean;
  readonly subordinate: boolean;
  readonly out: string | undefined;
  readonly activateAt: Activation | undefined;
  readonly updateName: string | undefined;
  readonly noBackupCheck: boolean;
}

/**
 * The request that the input means. Throws `usage` for what is missing or belongs to the other kind of
 * CA, `question-unanswered` when nobody could be asked for the passphrase of a new internal CA.
 */
export async function changeRequest(
  session: Session,
  input: CaChangeInput,
): Promise<CaChangeRequest> {
  const { activateAt, updateName, years, commonName } = input;
  refuseContradictions(input);
  const target = input.to === 'internal' ? internal(session, input) : external(session, input);
  const keySpec: KeySpec | null = input.key ?? input.keyLength ?? null;
  return {
    target: await target,
    keySpec,
    years: years ?? null,
    commonName: commonName ?? null,
    activateAt: askedActivation(activateAt, session.now),
    updateName: updateName ?? null,
    freshBackup: !input.noBackupCheck,
  };
}

async function external(
  session: Session,
  input: CaChangeInput,
): Promise<CaChangeRequest['target']> {
  const { chain: name } = input;
  if (name === undefined) throw misused('the chain of the external CA is missing: --chain FILE');
  const bytes = await session.readFile(name);
  return {
    to: 'external',
    chain: { name, bytes, passphrases: [] },
    requests: input.csr === 'manual' ? null : requestsWish({ ...input, ...EVERY_SERVER }),
  };
}

const EVERY_SERVER = {
  ...{ servers: [], all: true, waiting: false, ca: false },
  ...{ zip: undefined, out: undefined },
};

function internal(session: Session, input: CaChangeInput): Promise<CaChangeRequest['target']> {
  const { server, noPassphrase } = input;
  if (server === undefined) throw misused('which server is to hold the CA role? --server SERVER');
  refuseUnanswered(session, noPassphrase);
  const custody = noPassphrase ? 'no-passphrase' : 'passphrase';
  return Promise.resolve({ to: 'internal', server, custody });
}

/** Without anybody to ask, a missing passphrase must show before the plan is carried out. */
function refuseUnanswered(session: Session, none: boolean): void {
  const { passphraseFile, passphraseFd } = session.options;
  const given =
    (passphraseFile ?? passphraseFd ?? session.environment.CREDENTIALS_DIRECTORY) !== undefined;
  if (none || given || session.dryRun || session.terminal.interactive) return;
  throw unanswered(
    'New passphrase of the CA:',
    'give it with --passphrase-file FILE or --passphrase-fd N, or say --no-passphrase',
  );
}

/**
 * The next CA that the input means, which a CA above it is to sign. Throws `usage` for what belongs to
 * another kind of CA.
 */
export function subordinateWanted(session: Session, input: CaChangeInput): AuthorityWanted {
  refuseContradictions(input);
  if (input.years !== undefined)
    throw misused('the CA above decides how long a subordinate CA is valid: no --years');
  if (input.noBackupCheck) throw backupIsLater();
  return {
    server: input.server ?? null,
    commonName: input.commonName ?? null,
    keySpec: input.key ?? input.keyLength ?? null,
    custody: input.noPassphrase ? 'no-passphrase' : 'passphrase',
    wish: {
      activateAt: askedActivation(input.activateAt, session.now),
      updateName: input.updateName ?? null,
    },
  };
}

function refuseContradictions(input: CaChangeInput): void {
  const { to, csr, server, commonName, years, noPassphrase, key, keyLength } = input;
  const own = [server, commonName, years].some((one) => one !== undefined) || noPassphrase;
  const outside = [input.chain, csr, ...subjectOf(input)].some((one) => one !== undefined);
  const contradiction = [
    [to === undefined, 'to which kind of CA? --to external or --to internal'],
    [input.subordinate && to === 'external', '--subordinate is for --to internal'],
    [
      !input.subordinate && input.out !== undefined,
      '--out is for --subordinate: it names the file of the request',
    ],
    [
      to === 'external' && own,
      'an external CA has its own server, name, years and key: --server, --common-name, --years and --no-passphrase are for --to internal',
    ],
    [
      to === 'internal' && outside,
      '--chain, --csr and the fields of requests are for --to external',
    ],
    [
      key !== undefined && keyLength !== undefined,
      '--key and --key-length say the same thing twice',
    ],
    [
      csr === 'manual' && [...subjectOf(input), key, keyLength].some((one) => one !== undefined),
      'with --csr manual no request is made that the fields could be for',
    ],
  ].find(([holds]) => holds === true);
  if (contradiction !== undefined) throw misused(String(contradiction[1]));
}

function subjectOf(input: Subject): readonly (string | boolean | undefined)[] {
  const { cn, o, ou, l, st, c, san, includeDns } = input;
  return [cn, o, ou, l, st, c, san[0], includeDns ? true : undefined];
}

function misused(message: string): ZmintError {
  return new ZmintError('usage', message, { hint: 'zmint help ca change' });
}
