import { ZmintError } from '../../src/errors.js';
import { renderKeyUri } from '../../src/index.js';
import type {
  Activation,
  GatePolicy,
  Instant,
  KeySpec,
  RemintRequest,
  Seconds,
} from '../../src/index.js';
import type { GivenKeyUri } from '../key-uri.js';
import { hasFields, type FieldsInput } from './subject-fields.js';
import { askedActivation } from './asked-activation.js';

/** What was typed behind `ssl remint`. */
export interface RemintInput extends FieldsInput {
  readonly servers: readonly string[];
  readonly all: boolean;
  readonly ca: boolean;
  readonly due: Seconds | undefined;
  readonly keepKey: boolean;
  readonly key: KeySpec | undefined;
  readonly keyLength: KeySpec | undefined;
  readonly years: number | undefined;
  readonly commonName: string | undefined;
  readonly includeDns: boolean;
  readonly noIncludeDns: boolean;
  readonly activateAt: Activation | undefined;
  readonly updateName: string | undefined;
  readonly policy: GatePolicy | undefined;
  readonly compromised: boolean;
  readonly keyUri: GivenKeyUri | undefined;
  readonly noBackupCheck: boolean;
}

/** Whether nothing at all was typed, so that a person is to be asked. */
export function isBare(input: RemintInput): boolean {
  return Object.values(input).every(
    (value) =>
      value === undefined || value === false || (Array.isArray(value) && value.length === 0),
  );
}

/**
 * The request that the input means. Throws `usage` for options that contradict each other and when
 * nothing says what is to be reminted.
 */
export function remintRequest(input: RemintInput, now: Instant): RemintRequest {
  refuseContradictions(input);
  if (!namesSomething(input)) throw nothingNamed();
  return {
    ...termsOf(input, now),
    servers: input.servers,
    all: input.all,
    ca: input.ca,
    dueWithin: input.due ?? null,
    keepKey: input.keepKey,
    keySpec: input.key ?? input.keyLength ?? null,
    years: input.years ?? null,
    commonName: input.commonName ?? null,
    includeDns: includeDns(input),
    compromised: input.compromised,
    ...wantedToken(input),
    freshBackup: input.ca && !input.noBackupCheck,
  };
}

function wantedToken({ keyUri }: RemintInput): Pick<RemintRequest, 'token'> {
  if (keyUri === undefined) return {};
  return { token: { uri: renderKeyUri(keyUri.uri), kind: 'named' } };
}

/** The error for a remint of nothing in particular. */
export function nothingNamed(): ZmintError {
  return new ZmintError('usage', 'which certificates are to be reminted?', {
    hint: 'zmint ssl remint web1, --all, --due 30d or --ca',
  });
}

function namesSomething(input: RemintInput): boolean {
  return input.servers.length > 0 || input.all || input.ca || input.due !== undefined;
}

function includeDns(input: RemintInput): boolean | null {
  if (input.includeDns) return true;
  return input.noIncludeDns ? false : null;
}

function termsOf(
  input: RemintInput,
  now: Instant,
): Pick<RemintRequest, 'activateAt' | 'updateName' | 'policy'> {
  return {
    activateAt: askedActivation(input.activateAt, now),
    updateName: input.updateName ?? null,
    policy: input.policy ?? null,
  };
}

function tokenContradictions({
  keyUri,
  ca,
  keepKey,
}: RemintInput): readonly (readonly [boolean, string])[] {
  const named = keyUri !== undefined;
  return [
    [named && !ca, '--key-uri goes with --ca'],
    [
      named && keepKey,
      'a key that is kept stays where it is: --keep-key and --key-uri contradict each other',
    ],
  ];
}

/** What is about the CA alone. */
function authorityOnly(input: RemintInput): readonly (readonly [boolean, string])[] {
  return [
    [input.compromised, '--compromised goes with --ca'],
    [hasFields(input), '--o, --ou, --l, --st and --c go with --ca'],
    [input.noBackupCheck, '--no-backup-check goes with --ca'],
  ];
}

function refuseContradictions(input: RemintInput): void {
  const named = input.servers.length > 0;
  const contradiction = [
    [named && input.all, '--all and the names of servers contradict each other'],
    [named && input.ca, '--ca remints every server; name none'],
    [
      input.key !== undefined && input.keyLength !== undefined,
      '--key and --key-length say the same thing twice',
    ],
    [
      input.keepKey && (input.key ?? input.keyLength) !== undefined,
      '--keep-key and a new kind of key contradict each other',
    ],
    ...tokenContradictions(input),
    ...(input.ca ? [] : authorityOnly(input)),
    [input.compromised && input.keepKey, 'a compromised key cannot be kept'],
  ].find(([holds]) => holds === true);
  if (contradiction !== undefined) throw new ZmintError('usage', String(contradiction[1]));
}
