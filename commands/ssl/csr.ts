import { ZmintError } from '../../src/errors.js';
import type { HandedRequest, RequestsReport, RequestsWish } from '../../src/index.js';
import { defineCommand, type Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { exitStatus } from '../cli/exit-status.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { authorityRequestJson } from '../ca/authority-request-json.js';
import { AUTHORITY_CSR, writeAuthorityCsr } from '../ca/write-authority-csr.js';
import { requireCsrPlaces, writeCsrFiles } from './csr-files.js';
import { SUBJECT_OPTIONS } from './csr-options.js';
import { requestsWish, type CsrInput } from './csr-request.js';
import {
  csrPlanJson,
  csrQuestion,
  renderCsrPlan,
  renderRequests,
  requestsJson,
} from './csr-view.js';
import { SMALL_ZONE, SUBORDINATE_ZONE } from './given.js';

/** `zmint ssl csr`, also `zmint generate-csr`: signing requests for an external CA. */
export const sslCsr = defineCommand({
  name: 'ssl csr',
  summary: 'make signing requests for an external CA',
  description:
    'Makes a new key and a signing request (PKCS#10) for one, several or all servers. The key is on disk before the request leaves and waits in the home of its server; the request is put into its remint-repo as server.csr, and as SERVER.csr into the folder or ZIP file that is named.\nA new request takes the place of the one that waits; the earlier key stays until an import, since the CA may sign either. What the CA has signed is taken by zmint ssl import.\nWith --ca the request for the certificate of the own CA of the zone, which a CA above it is to sign, is handed out once more.',
  arguments: {
    servers: { kind: 'rest', value: 'SERVER', summary: 'the servers', parse: text },
  },
  options: {
    all: { kind: 'flag', flag: '--all', summary: 'every server of the zone' },
    ...SUBJECT_OPTIONS,
    waiting: {
      kind: 'flag',
      flag: '--waiting',
      summary: 'make none: hand out those that wait again',
    },
    ca: {
      kind: 'flag',
      flag: '--ca',
      summary: "make none: hand out the waiting request for the certificate of the zone's own CA",
    },
    zip: {
      kind: 'value',
      flag: '--zip',
      value: 'FILE',
      summary: 'all requests in one ZIP file, named after the servers',
      parse: text,
    },
    out: {
      kind: 'value',
      flag: '--out',
      value: 'DIR',
      summary: 'each request as a file of its own into this folder',
      parse: text,
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'policy',
    'storage',
    'partial',
  ],
  examples: [
    {
      line: 'zmint generate-csr web1 --o "Example Ltd" --c DE --yes',
      shows: 'a request for one server',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint generate-csr --all --key rsa:3072 --zip requests.zip --yes',
      shows: 'requests for all servers in one file for the CA',
      given: SMALL_ZONE,
    },
    {
      line: 'zmint generate-csr --ca',
      shows: 'the request for the certificate of the own CA once more',
      given: SUBORDINATE_ZONE,
    },
    {
      line: 'zmint generate-csr --waiting --json',
      shows: 'the requests that wait, with their text',
      given: [...SMALL_ZONE, 'zmint generate-csr web1 --yes'],
    },
  ],
  async run(session, input) {
    const wish = requestsWish(input);
    await requireCsrPlaces(session, input);
    if (input.ca) return handOutAuthority(session, input.out);
    if (input.waiting) return handOut(session, wish, input);
    const { planGenerateRequests, generateRequests } = await import('../../src/index.js');
    const decision = await runPlanned(session, {
      command: 'ssl csr',
      plan: (ctx, now) => planGenerateRequests(ctx, wish, now),
      show: (plan) => ({
        plan: renderCsrPlan(plan, session.terminal.width, session.options.verbose),
        question: csrQuestion(plan),
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, csrPlanJson);
    const { made, failed } = await generateRequests(decision.ctx, decision.plan);
    const [failure] = failed;
    if (made.length === 0 && failure !== undefined) throw failure.error;
    return outcome(session, input, made, failed);
  },
});

/** Without `--out` it goes to standard output. */
async function handOutAuthority(session: Session, out: string | undefined): Promise<Outcome> {
  const { findAwaitedAuthority } = await import('../../src/index.js');
  const request = await findAwaitedAuthority((await session.open()).store);
  if (request === null) {
    throw new ZmintError('not-found', 'no CA of this zone waits for a certificate', {
      hint: 'zmint ca change --to internal --subordinate requests one',
    });
  }
  const folder = out === undefined ? undefined : `${session.absolute(out)}/${AUTHORITY_CSR}`;
  const file =
    folder === undefined || session.dryRun
      ? null
      : await writeAuthorityCsr(session, request, folder);
  return {
    json: { ...authorityRequestJson(request), file },
    text: file === null ? request.csr : `wrote ${file}`,
    diagnostics: ['next: have it signed as the certificate of a CA, then zmint ssl import FILE...'],
  };
}

async function handOut(
  session: Session,
  { servers, all }: RequestsWish,
  input: CsrInput,
): Promise<Outcome> {
  const { listRequests } = await import('../../src/index.js');
  const waiting = await listRequests(await session.open(), all ? [] : servers, session.now);
  if (waiting.length > 0) return outcome(session, input, waiting, []);
  throw new ZmintError('not-found', 'no request waits', { hint: 'zmint generate-csr --all' });
}

async function outcome(
  session: Session,
  input: CsrInput,
  requests: readonly HandedRequest[],
  failed: RequestsReport['failed'],
): Promise<Outcome> {
  const written = session.dryRun ? [] : await writeCsrFiles(session, requests, input);
  const { terminal, options } = session;
  return {
    json: () => requestsJson(requests, failed, written),
    text: () =>
      renderRequests(requests, failed, { surface: terminal, verbose: options.verbose }) +
      written.map((path) => `wrote ${path}\n`).join(''),
    status: failed.length === 0 ? 0 : exitStatus('partial'),
    diagnostics: ['next: have them signed by the CA, then zmint ssl import FILE...'],
  };
}
