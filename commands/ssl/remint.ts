import type { GatePolicy, RemintPlan, RemintRequest } from '../../src/index.js';
import { BACKED_UP } from '../ca/backup-facts.js';
import { NO_BACKUP_CHECK } from '../ca/backup-option.js';
import { defineCommand, type Outcome } from '../cli/command.js';
import { duration, keyLength, keySpec, oneOf, text, when, wholeNumber } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { hidePin, KEY_URI_OPTION, withPin } from '../key-uri.js';
import { askRemint } from './remint-menu.js';
import { operationOutcome } from './operation-outcome.js';
import { remintExternal } from './remint-external.js';
import { FIELD_OPTIONS } from './csr-options.js';
import { fieldsUnwanted, remintSubordinate } from './remint-subordinate.js';
import { hasFields, subjectFields } from './subject-fields.js';
import { remintPlanJson } from './remint-json.js';
import { isBare, nothingNamed, remintRequest, type RemintInput } from './remint-request.js';
import { remintQuestion, renderRemintPlan } from './remint-view.js';

/** `zmint ssl remint`: the successors of certificates, of the CA's too. */
export const sslRemint = defineCommand({
  name: 'ssl remint',
  summary: 'remint server certificates, or the CA and all of them',
  description:
    'Makes the next certificate of servers, of all or of those that are due; with --ca the next CA and every server certificate under it. By default everything gets a new key (a re-key); with --keep-key the same key is certified again (a renewal).\nThe plan is shown first. Nothing serves a new certificate before the activation: "ready" (the default) activates as soon as every member has the new trust, an instant waits for "zmint ssl resume" to be called then. With --ca a verified backup is wanted that is younger than the setting backup.maxAgeHours, 24 hours when nothing is set (zmint ca backup); --no-backup-check goes on without. Called bare on a terminal it shows the menu that the configuration tool of such zones had.\nA CA whose key is in a token gets its next key in the same token; --key-uri names another place, also for a CA whose key was in a file.\nUnder an external CA it goes on where the servers are: it makes requests, says which are out, and takes the certificates that were placed into their remint-repos.\nWhere a CA above the CA of the zone has signed it, --ca makes a request for its successor, as zmint ca change --to internal --subordinate does; --o, --ou, --l, --st and --c are the fields of its subject, those of today when none is named.',
  arguments: {
    servers: { kind: 'rest', value: 'SERVER', summary: 'the servers to remint', parse: text },
  },
  options: {
    all: { kind: 'flag', flag: '--all', summary: 'every server of the zone' },
    ca: { kind: 'flag', flag: '--ca', summary: 'the CA, and every server with it' },
    due: {
      kind: 'value',
      flag: '--due',
      value: 'WITHIN',
      summary: 'only what expires within this time, such as 30d; nothing due is no error',
      parse: duration,
    },
    keepKey: { kind: 'flag', flag: '--keep-key', summary: 'keep the keys: a renewal' },
    key: {
      kind: 'value',
      flag: '--key',
      value: 'SPEC',
      summary: 'the kind of the new keys: ec:P-256, rsa:3072 …',
      parse: keySpec,
    },
    keyLength: {
      kind: 'value',
      flag: '--key-length',
      value: 'N',
      summary: 'RSA keys of so many bits',
      parse: keyLength,
    },
    years: {
      kind: 'value',
      flag: '--years',
      value: 'N',
      summary: 'how long the CA, or without --ca the servers, are valid: 1 to 10',
      parse: wholeNumber(1, 10),
    },
    commonName: {
      kind: 'value',
      flag: '--common-name',
      value: 'CN',
      summary: 'the common name of the CA, or of the one server',
      parse: text,
    },
    includeDns: {
      kind: 'flag',
      flag: '--include-dns',
      summary: 'with all additional DNS names of the servers',
    },
    noIncludeDns: {
      kind: 'flag',
      flag: '--no-include-dns',
      summary: 'without additional DNS names; by default those of today stay',
    },
    activateAt: {
      kind: 'value',
      flag: '--activate-at',
      value: 'WHEN',
      summary: 'now, ready, 36h, or a time such as 2027-03-01T22:00',
      parse: when,
    },
    updateName: {
      kind: 'value',
      flag: '--update-name',
      value: 'NAME',
      summary: 'what the certificate update is called',
      parse: text,
    },
    policy: {
      kind: 'value',
      flag: '--policy',
      value: 'POLICY',
      summary: 'date: activate at the instant; gate: wait for every member',
      parse: oneOf<GatePolicy>(['date', 'gate']),
    },
    keyUri: KEY_URI_OPTION,
    compromised: {
      kind: 'flag',
      flag: '--compromised',
      summary: 'the old CA key is not to be trusted: no cross-certificate, old trust goes at once',
    },
    noBackupCheck: NO_BACKUP_CHECK,
    ...FIELD_OPTIONS,
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
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
      line: 'zmint ssl remint web1 --yes',
      shows: 'one server, activated at once',
      given: [
        'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
        'zmint server add web1 --dns web1.example.com --yes',
      ],
    },
    {
      line: 'zmint ssl remint --due 30d --yes',
      shows: 'what expires within 30 days, for cron',
      given: ['zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes'],
      output: 'Nothing is due.\n',
    },
    {
      line: 'zmint ssl remint --ca --activate-at 14d --yes',
      shows: 'a new CA, which takes over in two weeks',
      given: BACKED_UP,
    },
    {
      line: 'zmint ssl remint --ca --dry-run',
      shows: 'the plan for a new CA, nothing else',
      given: ['zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes'],
    },
  ],
  async run(session, input) {
    hidePin(session, input.keyUri);
    const request = await requestOf(session, input);
    const { isExternalZone, isSubordinateZone, planRemint, executeRemint } =
      await import('../../src/index.js');
    if (await isExternalZone(await session.open())) return remintExternal(session, request);
    if (request.ca && (await isSubordinateZone((await session.open()).store)))
      return remintSubordinate(session, request, subjectFields(input));
    if (hasFields(input)) throw fieldsUnwanted();
    const decision = await runPlanned(session, {
      command: 'ssl remint',
      plan: async (ctx, now) => {
        const remint = await planRemint(ctx, request, now);
        if (remint === undefined) return undefined;
        return { basis: remint.basis, remint };
      },
      show: ({ remint }) => ({
        plan: renderRemintPlan(remint, {
          width: session.terminal.width,
          verbose: session.options.verbose,
          offsetAt: session.offsetAt,
        }),
        question: remintQuestion(remint),
      }),
    });
    if (decision.answer === 'nothing') return nothingDue(session);
    const plan = decision.plan.remint;
    const common = { dryRun: session.dryRun, due: dueNames(plan), plan: remintPlanJson(plan) };
    if (decision.answer === 'dry-run') {
      return { json: common, text: 'Nothing was changed: this was a dry run.' };
    }
    const ctx = withPin(decision.ctx, input.keyUri);
    return operationOutcome(session, await executeRemint(ctx, plan), common);
  },
});

async function requestOf(session: Session, input: RemintInput): Promise<RemintRequest> {
  if (!isBare(input)) return remintRequest(input, session.now);
  if (!session.terminal.interactive || session.yes) throw nothingNamed();
  return remintRequest({ ...input, ...(await askRemint(session)) }, session.now);
}

function dueNames(plan: RemintPlan): readonly string[] {
  return plan.servers.shown.map((server) => server.name);
}

function nothingDue(session: Session): Outcome {
  return {
    json: { dryRun: session.dryRun, due: [], plan: null },
    text: session.options.quiet ? '' : 'Nothing is due.',
  };
}
