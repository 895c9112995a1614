import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { planRequests, type PlannedRequest, type RequestsPlan } from '../zone/plan-requests.js';
import type { RequestsWish } from '../zone/requests-wish.js';
import { memberById } from '../zone/zone-snapshot.js';
import { makeRequest } from './make-request.js';
import { readSnapshot } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { runBounded } from './run-bounded.js';

/** A request as it was handed out. */
export interface HandedRequest {
  readonly member: Member;
  readonly home: string;
  readonly request: CertificateRequest;
}

/** What came of making requests. */
export interface RequestsReport {
  readonly made: readonly HandedRequest[];
  readonly failed: readonly { readonly member: Member; readonly error: ZmintError }[];
}

/** So many are made between two transactions. */
const BATCH = 50;
const AT_ONCE = 4;

/** Plans signing requests; nothing is written. Throws what `planRequests` throws, and `no-zone`. */
export async function planGenerateRequests(
  ctx: ReadContext,
  wish: RequestsWish,
  now: Instant,
): Promise<RequestsPlan> {
  return planRequests(await readSnapshot(ctx, now), await ctx.store.requests(), wish);
}

/**
 * Makes a key and a request for each planned server. A server that fails is recorded as `CSR
 * generation failed` with its reason and does not stop the others.
 *
 * Order of writes for each: key and request in one new folder of the home, read back (I-4); the
 * record; `server.csr` in the remint-repo. Only then a request is returned.
 */
export async function generateRequests(
  ctx: OperationContext,
  plan: RequestsPlan,
): Promise<RequestsReport> {
  const snapshot = await readSnapshot(ctx, plan.at);
  if (snapshot.sequence !== plan.basis) {
    throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
      hint: 'type the command again to see the new plan',
    });
  }
  const outcomes: Outcome[] = [];
  const total = plan.requests.length;
  ctx.progress.report({ type: 'begin', step: 'csr', total });
  for (let start = 0; start < total; start += BATCH) {
    const jobs = plan.requests.slice(start, start + BATCH).flatMap((planned): readonly Job[] => {
      const member = memberById(snapshot, planned.memberId);
      if (member === undefined) return [];
      return [{ member, planned, home: serverHome(ctx.zoneHome, member) }];
    });
    outcomes.push(...(await makeBatch(ctx, plan.at, jobs)));
    ctx.progress.report({ type: 'advance', step: 'csr', done: Math.min(start + BATCH, total) });
  }
  ctx.progress.report({ type: 'end', step: 'csr' });
  return {
    made: outcomes.flatMap((one) => ('error' in one ? [] : [handed(one)])),
    failed: outcomes.flatMap((one) =>
      'error' in one ? [{ member: one.job.member, error: one.error }] : [],
    ),
  };
}

interface Job {
  readonly member: Member;
  readonly planned: PlannedRequest;
  readonly home: string;
}

type Outcome =
  | { readonly job: Job; readonly request: CertificateRequest }
  | { readonly job: Job; readonly request: CertificateRequest; readonly error: ZmintError };

function handed({ job, request }: Outcome): HandedRequest {
  return { member: job.member, home: job.home, request };
}

async function makeBatch(
  ctx: OperationContext,
  at: Instant,
  jobs: readonly Job[],
): Promise<readonly Outcome[]> {
  const inOrder = await runBounded(jobs, AT_ONCE, (job) => makeOne(ctx, at, job));
  await record(ctx, at, inOrder);
  const published: Outcome[] = [];
  for (const outcome of inOrder) published.push(await publish(ctx, outcome));
  return published;
}

async function makeOne(ctx: OperationContext, at: Instant, job: Job): Promise<Outcome> {
  const { member, planned, home } = job;
  const request = {
    memberId: member.id,
    number: planned.number,
    subject: planned.subject.text,
    dnsNames: planned.dnsNames,
    ipAddresses: planned.ipAddresses,
    keySpec: planned.keySpec,
    createdAt: at,
  };
  try {
    const { files, csr, spkiSha256 } = await makeRequest(ctx, planned);
    try {
      await ctx.homes.prepare(home);
      await ctx.homes.writeRequest(home, planned.number, files);
    } finally {
      files['key.der'].fill(0);
    }
    return { job, request: { ...request, state: 'csr-generated', spkiSha256, csr, problem: null } };
  } catch (error) {
    const reason = asRefusal(error);
    const failed = { spkiSha256: null, csr: null, problem: reason.message };
    return {
      job,
      request: { ...request, state: 'csr-generation-failed', ...failed },
      error: reason,
    };
  }
}

/** A request that failed leaves the one that waits as it is. */
async function record(
  ctx: OperationContext,
  at: Instant,
  outcomes: readonly Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const known = await ctx.store.requests();
  const replaced = outcomes.flatMap((outcome) =>
    known
      .filter((one) => one.memberId === outcome.request.memberId)
      .flatMap((one) => supersededBy(one, outcome)),
  );
  const servers = outcomes.map(({ job }) => job.member.name);
  const failed = outcomes.filter((outcome) => 'error' in outcome).length;
  await recordEvent(ctx, { what: 'requests-made', at, details: { servers, failed } }, [
    { type: 'put-requests', requests: [...replaced, ...outcomes.map(({ request }) => request)] },
  ]);
}

/** The earlier request as it is once a new one is there: a failure is over by then in any case. */
function supersededBy(
  earlier: CertificateRequest,
  outcome: Outcome,
): readonly CertificateRequest[] {
  if (earlier.state === 'csr-generation-failed') return [{ ...earlier, state: 'done' }];
  if ('error' in outcome || earlier.state !== 'csr-generated') return [];
  return [{ ...earlier, state: 'superseded' }];
}

async function publish(ctx: OperationContext, outcome: Outcome): Promise<Outcome> {
  const { job, request } = outcome;
  if ('error' in outcome || request.csr === null) return outcome;
  try {
    await ctx.homes.writeRepoRequest(job.home, encodeUtf8(request.csr));
    return outcome;
  } catch (error) {
    return { job, request, error: asRefusal(error) };
  }
}

function asRefusal(error: unknown): ZmintError {
  if (error instanceof ZmintError && error.code !== 'bug') return error;
  throw error;
}
