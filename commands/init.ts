import { ZmintError } from '../src/errors.js';
import type { InitPlan } from '../src/index.js';
import { defineCommand } from './cli/command.js';
import { keyLength, keySpec, oneOf, text, wholeNumber } from './cli/parsers.js';
import type { Session } from './cli/session.js';
import { hidePin, KEY_URI_OPTION, keyUriText, withPin } from './key-uri.js';
import { initExternal } from './init-external.js';
import {
  answerInit,
  checkInit,
  custodyOf,
  isExternal,
  firstServer,
  type InitInput,
} from './init-request.js';
import { initSubordinate } from './init-subordinate.js';
import { initPlanJson, initReportJson, renderInitPlan, renderInitReport } from './init-view.js';
import { FIELD_OPTIONS } from './ssl/csr-options.js';
import { MEMBER_OPTIONS } from './server/member-options.js';

/** `zmint init`: a zone, its CA and its first server. */
export const init = defineCommand({
  name: 'init',
  summary: 'create a zone with its CA and first server',
  description:
    'Makes the zone home, the CA (its key locked with a passphrase) and the first Primary Server, which holds the CA role and gets its first certificate. On a terminal it asks for what is missing, the passphrase twice; elsewhere everything is given as options.\nThe passphrase has at least 10 characters. --no-passphrase leaves the key open to whoever can read the zone home, and must be said.\nWith --key-uri the key is made in a PKCS#11 token and never leaves it; one of that name that is there already is used, and zmint says so. The PIN comes from --pin-file, --pin-fd, a pin-source in the URI, the credential zone-ca-pin, or a person.\nWith --ca external the CA is elsewhere: --chain names a file with its certificates in any format and order, the root among them, which becomes what the zone trusts. Servers then get their certificates by zmint generate-csr and zmint ssl import.\nWith --subordinate the CA is internal, but a CA above it signs its certificate: a request (PKCS#10) for it is written, and the zone waits. zmint ssl import takes the signed certificate with the certificates up to the root, which becomes what the zone trusts; then the servers get theirs.',
  arguments: {},
  options: {
    name: {
      kind: 'value',
      flag: '--name',
      value: 'NAME',
      summary: 'the name of the zone',
      parse: text,
    },
    server: {
      kind: 'value',
      flag: '--server',
      value: 'NAME',
      summary: 'the name of the first Primary Server',
      parse: text,
    },
    dns: {
      kind: 'value',
      flag: '--dns',
      value: 'FQDN',
      summary: 'the DNS name that clients use for it',
      parse: text,
    },
    ...MEMBER_OPTIONS,
    ca: {
      kind: 'value',
      flag: '--ca',
      value: 'KIND',
      summary: 'internal (as when nothing is said) or external',
      parse: oneOf<'internal' | 'external'>(['internal', 'external']),
    },
    chain: {
      kind: 'value',
      flag: '--chain',
      value: 'FILE',
      summary: 'the chain of an external CA',
      parse: text,
    },
    key: {
      kind: 'value',
      flag: '--key',
      value: 'SPEC',
      summary: 'the kind of keys: ec:P-256 (as when nothing is said), rsa:3072 …',
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
      summary: 'how long the CA is valid: 1 to 10, 10 when nothing is said',
      parse: wholeNumber(1, 10),
    },
    commonName: {
      kind: 'value',
      flag: '--common-name',
      value: 'CN',
      summary: 'the common name of the CA; the name of the zone when nothing is said',
      parse: text,
    },
    keyUri: KEY_URI_OPTION,
    subordinate: {
      kind: 'flag',
      flag: '--subordinate',
      summary: 'the CA is to be signed by a CA above it: makes a request and waits',
    },
    ...FIELD_OPTIONS,
    out: {
      kind: 'value',
      flag: '--out',
      value: 'FILE',
      summary: 'where the request of --subordinate goes; ca.csr when nothing is said',
      parse: text,
    },
    noPassphrase: {
      kind: 'flag',
      flag: '--no-passphrase',
      summary: 'leave the CA key open to whoever can read the zone home',
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'busy',
    'wrong-passphrase',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'zone-exists',
    'storage',
    'token-unavailable',
  ],
  examples: [
    {
      line: 'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
      shows: 'a zone to try things out',
    },
    {
      line: 'zmint init --name Example --server ca1 --dns ca1.example.com --key rsa:4096 --years 5 --no-passphrase --dry-run',
      shows: 'what would be made',
    },
    {
      line: 'zmint init --name Example --server ca1 --dns ca1.example.com --ca internal --subordinate --o "Example Ltd" --c DE --no-passphrase --yes',
      shows: 'a zone whose CA is to be signed by the CA of the company',
    },
    {
      line: 'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes',
      shows: 'a zone whose CA is elsewhere',
    },
    {
      line: "zmint init --name Example --server ca1 --dns ca1.example.com --key-uri 'pkcs11:token=zmint;object=ca?module-path=/usr/lib/softhsm/libsofthsm2.so' --pin-file pin --dry-run",
      shows: 'what would be made, with the CA key in a token',
    },
  ],
  async run(session, input) {
    hidePin(session, input.keyUri);
    checkInit(session, input);
    await refuseZone(session);
    if (isExternal(input)) return initExternal(session, input);
    if (custodyOf(input) === 'passphrase') await lookAtPassphrase(session);
    if (input.subordinate) return initSubordinate(session, input);
    const plan = await planOf(session, input);
    const answer = await session.confirm({
      plan: `${renderInitPlan(plan, { ...session, width: session.terminal.width })}\n`,
      question: `Create the zone ${plan.name}?`,
    });
    if (answer === 'dry-run') {
      return {
        json: { dryRun: true, plan: initPlanJson(plan) },
        text: 'Nothing was changed: this was a dry run.',
      };
    }
    const { executeInit } = await import('../src/index.js');
    const ctx = withPin(await session.create('init'), input.keyUri);
    const report = await executeInit(ctx, plan);
    return {
      json: () => initReportJson(report, plan, session.zoneHome),
      text: () => renderInitReport(report, session.terminal),
      diagnostics: [
        `next: point ${report.server.name} at these files, then zmint ssl verify`,
        'next: zmint server add NAME --dns FQDN adds the others, zmint status shows the zone',
      ],
    };
  },
});

/** Before anything is made: a file that cannot be used would leave the beginning of a zone. */
async function lookAtPassphrase(session: Session): Promise<void> {
  const { passphraseFile } = session.options;
  if (passphraseFile === undefined || session.dryRun) return;
  const { requireLongSecret } = await import('../src/index.js');
  const bytes = await session.readPassphrase(passphraseFile);
  try {
    requireLongSecret(bytes, 'the passphrase');
  } finally {
    bytes.fill(0);
  }
}

async function planOf(session: Session, input: InitInput): Promise<InitPlan> {
  const answers = await answerInit(session, input);
  const { planInit } = await import('../src/index.js');
  return planInit(
    {
      name: answers.name,
      server: firstServer(session, input, answers),
      keySpec: answers.keySpec,
      years: answers.years,
      commonName: input.commonName ?? null,
      custody: custodyOf(input),
      ...keyUriText(input.keyUri),
    },
    session.now,
  );
}

/** Says so before anything is asked; `create` looks again under the lock. */
async function refuseZone(session: Session): Promise<void> {
  try {
    await (await session.open()).store.zone();
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'no-zone') return;
    throw error;
  }
  throw new ZmintError('zone-exists', `there is a zone in ${session.zoneHome} already`, {
    hint: 'zmint status, or choose another zone home with --zone DIR',
  });
}
