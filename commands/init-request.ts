import { ZmintError } from '../src/errors.js';
import { DEFAULT_KEY_SPEC, type Custody, type KeySpec, type MemberInput } from '../src/index.js';
import { unanswered } from './cli/prompts.js';
import { keySpec, wholeNumber } from './cli/parsers.js';
import type { Session } from './cli/session.js';
import { hasFields, type FieldsInput } from './ssl/subject-fields.js';
import { refuseUnansweredPin, type GivenKeyUri } from './key-uri.js';

/** What was typed behind `init`. */
export interface InitInput extends FieldsInput {
  readonly name: string | undefined;
  readonly server: string | undefined;
  readonly dns: string | undefined;
  readonly addDns: readonly string[];
  readonly ip: readonly string[];
  readonly path: string | undefined;
  readonly home: string | undefined;
  readonly reload: string | undefined;
  readonly probe: string | undefined;
  readonly ca: 'internal' | 'external' | undefined;
  readonly chain: string | undefined;
  readonly key: KeySpec | undefined;
  readonly keyLength: KeySpec | undefined;
  readonly years: number | undefined;
  readonly commonName: string | undefined;
  readonly noPassphrase: boolean;
  readonly keyUri: GivenKeyUri | undefined;
  readonly subordinate: boolean;
  readonly out: string | undefined;
}

/** What a zone needs, everything answered. */
export interface InitAnswers {
  readonly name: string;
  readonly server: string;
  readonly dns: string;
  readonly keySpec: KeySpec;
  readonly years: number | null;
}

const DEFAULT_YEARS = '10';

/**
 * Throws `usage` for options that contradict each other and `question-unanswered` when nobody could
 * be asked for the passphrase.
 */
export function checkInit(session: Session, input: InitInput): void {
  if (input.ca === 'internal' && input.chain !== undefined) {
    throw new ZmintError('usage', '--chain is for --ca external');
  }
  if (input.key !== undefined && input.keyLength !== undefined) {
    throw new ZmintError('usage', '--key and --key-length say the same thing twice');
  }
  refuseSubordinate(input);
  if (isExternal(input)) refuseOwnCa(input);
  else if (input.keyUri === undefined) checkPassphrase(session, input.noPassphrase);
  else checkToken(session, input.keyUri, input.noPassphrase);
}

/** How the key of the CA is to be kept. */
export function custodyOf(input: Pick<InitInput, 'keyUri' | 'noPassphrase'>): Custody {
  if (input.keyUri !== undefined) return 'token';
  return input.noPassphrase ? 'no-passphrase' : 'passphrase';
}

function checkToken(session: Session, keyUri: GivenKeyUri, noPassphrase: boolean): void {
  const { passphraseFile, passphraseFd } = session.options;
  if (noPassphrase || (passphraseFile ?? passphraseFd) !== undefined) {
    throw new ZmintError(
      'usage',
      'a key in a token is opened by a PIN: a passphrase is for a key in a file',
    );
  }
  refuseUnansweredPin(session, keyUri);
}

/** Whether the CA is to be elsewhere: said, or meant by giving its chain. */
export function isExternal({ ca, chain }: Pick<InitInput, 'ca' | 'chain'>): boolean {
  return ca === 'external' || chain !== undefined;
}

function refuseSubordinate(input: InitInput): void {
  const { subordinate, years } = input;
  if (!subordinate) {
    refuseRequest(input);
    return;
  }
  if (isExternal(input)) throw new ZmintError('usage', '--subordinate is for --ca internal');
  if (years !== undefined)
    throw new ZmintError(
      'usage',
      'the CA above decides how long a subordinate CA is valid: no --years',
    );
  if (input.keyUri !== undefined)
    throw new ZmintError(
      'usage',
      'the key of a subordinate CA is in a file: --subordinate and --key-uri contradict each other',
    );
}

function refuseRequest(input: InitInput): void {
  if (input.out !== undefined)
    throw new ZmintError('usage', '--out is for --subordinate: it names the file of the request');
  if (hasFields(input))
    throw new ZmintError(
      'usage',
      '--o, --ou, --l, --st and --c are for the request of --subordinate',
    );
}

function refuseOwnCa({ years, commonName, noPassphrase, keyUri }: InitInput): void {
  const own = years ?? commonName ?? keyUri;
  if (own === undefined && !noPassphrase) return;
  throw new ZmintError(
    'usage',
    'an external CA has its own years, name and key: --years, --common-name, --key-uri and --no-passphrase are for --ca internal',
  );
}

function checkPassphrase(session: Session, none: boolean): void {
  const { passphraseFile, passphraseFd } = session.options;
  const given = (passphraseFile ?? passphraseFd) !== undefined;
  if (none && given) {
    throw new ZmintError('usage', '--no-passphrase and a passphrase contradict each other');
  }
  const credentials = session.environment.CREDENTIALS_DIRECTORY !== undefined;
  if (none || given || credentials || session.dryRun || session.terminal.interactive) return;
  throw unanswered(
    'New passphrase of the CA:',
    'give it with --passphrase-file FILE or --passphrase-fd N, or say --no-passphrase',
  );
}

/** Asks for what is missing; who names zone, server and DNS name is asked nothing. */
export async function answerInit(session: Session, input: InitInput): Promise<InitAnswers> {
  const { name, server, dns, years } = input;
  const key = input.key ?? input.keyLength;
  if (name !== undefined && server !== undefined && dns !== undefined) {
    return { name, server, dns, keySpec: key ?? DEFAULT_KEY_SPEC, years: years ?? null };
  }
  const zone = name ?? (await askLine(session, 'Name of the zone:', '--name NAME'));
  const first =
    server ?? (await askLine(session, 'Name of its first Primary Server:', '--server NAME'));
  const fqdn =
    dns ?? (await askLine(session, `DNS name of ${first}:`, '--dns FQDN', dnsPreset(first)));
  const answered = { name: zone, server: first, dns: fqdn };
  return { ...answered, ...(await answerKeys(session, input)) };
}

async function answerKeys(
  session: Session,
  input: InitInput,
): Promise<Pick<InitAnswers, 'keySpec' | 'years'>> {
  const key = input.key ?? input.keyLength;
  if (isExternal(input)) return { keySpec: key ?? DEFAULT_KEY_SPEC, years: null };
  if (input.subordinate) return { keySpec: key ?? (await askKey(session)), years: null };
  return askAuthority(session, key, input.years);
}

/** The file with the chain of the external CA. */
export async function answerChain(session: Session, input: InitInput): Promise<string> {
  return input.chain ?? (await askLine(session, 'File with the chain of the CA:', '--chain FILE'));
}

async function askAuthority(
  session: Session,
  key: KeySpec | undefined,
  years: number | undefined,
): Promise<Pick<InitAnswers, 'keySpec' | 'years'>> {
  return {
    keySpec: key ?? (await askKey(session)),
    years: years ?? (await askYears(session)),
  };
}

async function askLine(
  session: Session,
  question: string,
  flag: string,
  preset?: string,
): Promise<string> {
  if (!session.terminal.interactive) throw unanswered(question, `give it with ${flag}`);
  const check = (text: string): string | undefined =>
    text.trim() === '' ? 'something must be said' : undefined;
  const answer = await session.ask.line(
    question,
    preset === undefined ? { check } : { check, preset },
  );
  return answer.trim();
}

function dnsPreset(server: string): string | undefined {
  return server.includes('.') ? server : undefined;
}

async function askKey(session: Session): Promise<KeySpec> {
  const specs = ['ec:P-256', 'ec:P-384', 'rsa:3072', 'rsa:4096', 'ed25519'] as const;
  const spec = await session.ask.choose(
    'Keys of the CA and the servers:',
    specs.map((value) => ({ name: value, value })),
  );
  return keySpec(spec, session);
}

async function askYears(session: Session): Promise<number> {
  const years = wholeNumber(1, 10);
  const answer = await session.ask.line('The CA is valid for how many years (1 to 10)?', {
    preset: DEFAULT_YEARS,
    check: (text) =>
      /^(?:[1-9]|10)$/u.test(text.trim()) ? undefined : 'a whole number from 1 to 10',
  });
  return years(answer.trim(), session);
}

/** The zone's first Primary Server, as it was asked for. */
export function firstServer(
  session: Pick<Session, 'absolute'>,
  input: InitInput,
  { server, dns }: Pick<InitAnswers, 'server' | 'dns'>,
): MemberInput {
  return {
    name: server,
    dnsName: dns,
    additionalDnsNames: input.addDns,
    ipAddresses: input.ip,
    path: input.path,
    home: input.home === undefined ? undefined : session.absolute(input.home),
    reload: input.reload,
    probe: input.probe,
  };
}
