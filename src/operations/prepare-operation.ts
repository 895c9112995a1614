import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import type { OperationMember } from '../zone/operation.js';
import { futureContent, type SetContent } from '../zone/operation-content.js';
import { ingestPlaced } from './ingest-placed.js';
import { mintingMaterial } from './minting-material.js';
import { mintAuthority } from './mint-authority.js';
import { mintServers, type MintOutcome, type ServerJob } from './mint-servers.js';
import { loadRun, memberOf, type OperationRun } from './operation-run.js';
import { recordEvent } from './record-event.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** So many servers are minted between two transactions. */
const BATCH = 50;

/**
 * Mints everything of an operation in `preparing`: the next CA when it has one, then every server's
 * future set. What has been recorded is not minted again. Ends with the operation `prepared`, which
 * is its point of no undoing by recovery.
 *
 * A server that fails is recorded with its reason; when every server fails, the first reason is thrown.
 */
export async function prepareOperation(
  ctx: OperationContext,
  begun: OperationRun,
  keys: AuthorityKeys,
): Promise<void> {
  const { now } = begun;
  const planned = begun.operation.plannedAuthority;
  if (planned !== null) {
    await mintAuthority(ctx, {
      snapshot: begun.snapshot,
      operation: begun.operation,
      planned,
      keys,
      now,
    });
  }
  const run = await loadRun(ctx, begun.operation.id, now);
  const failures = await mintMissing(ctx, run, keys);
  const minted = (await ctx.store.operationMembers(run.operation.id)).filter(
    (part) => part.creation === 'new-certificate-created',
  );
  const [first] = failures;
  if (minted.length === 0 && first !== undefined) throw first;
  await recordEvent(
    ctx,
    {
      what: 'operation-prepared',
      at: now,
      operationId: run.operation.id,
      details: { minted: minted.length, failed: failures.length },
    },
    [{ type: 'put-operation', operation: { ...run.operation, phase: 'prepared' } }],
  );
}

/** Mints the future sets that are still missing, batch by batch; returns why some failed. */
export async function mintMissing(
  ctx: OperationContext,
  run: OperationRun,
  keys: AuthorityKeys,
): Promise<readonly ZmintError[]> {
  const jobs = jobsOf(run);
  const failures: ZmintError[] = [];
  if (jobs.length === 0) return failures;
  const authority = run.snapshot.authorities.find(
    (one) => one.generation === run.operation.generation,
  );
  if (authority === undefined)
    throw new ZmintError('damaged', 'the CA of this operation is missing', {
      hint: 'zmint doctor',
    });
  ctx.progress.report({ type: 'begin', step: 'mint', total: jobs.length });
  for (let start = 0; start < jobs.length; start += BATCH) {
    const outcomes = await mintBatch(
      ctx,
      run,
      { authority, keys },
      jobs.slice(start, start + BATCH),
    );
    await recordBatch(ctx, run, outcomes);
    failures.push(...outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])));
    ctx.progress.report({
      type: 'advance',
      step: 'mint',
      done: Math.min(start + BATCH, jobs.length),
    });
  }
  ctx.progress.report({ type: 'end', step: 'mint' });
  return failures;
}

interface Job extends ServerJob {
  readonly part: OperationMember;
}

type Outcome = (
  | Exclude<MintOutcome, { error: ZmintError }>
  | { readonly job: ServerJob; readonly error: ZmintError }
) & {
  readonly beside?: readonly Change[];
};

function jobsOf(run: OperationRun): readonly Job[] {
  return run.parts.flatMap((part): readonly Job[] => {
    const member = memberOf(run, part);
    if (member === undefined || part.planned === null || part.futureSet === null) return [];
    if (part.creation === 'new-certificate-created') return [];
    return [{ part, member, planned: part.planned, number: part.futureSet, purpose: 'future' }];
  });
}

async function mintBatch(
  ctx: OperationContext,
  run: OperationRun,
  by: { readonly authority: Authority; readonly keys: AuthorityKeys },
  jobs: readonly Job[],
): Promise<readonly Outcome[]> {
  const content = futureContent(run.snapshot, run.operation, await ctx.store.anchors());
  const placed: Outcome[] = [];
  for (const job of jobs.filter((one) => one.planned.placedByHand))
    placed.push(await ingest(ctx, run, content, job));
  const minted = await mintServers(
    ctx,
    {
      ...by,
      ...(await mintingMaterial(ctx, by.authority, content)),
      operationId: run.operation.id,
      now: run.now,
      validAt: validAt(run),
      state: 'future',
    },
    jobs.filter((one) => !one.planned.placedByHand),
  );
  return [...placed, ...minted];
}

async function ingest(
  ctx: OperationContext,
  run: OperationRun,
  content: SetContent,
  job: Job,
): Promise<Outcome> {
  try {
    const ingested = await ingestPlaced(ctx, {
      member: job.member,
      number: job.number,
      content,
      operationId: run.operation.id,
      generation: run.operation.generation,
      validAt: validAt(run),
      now: run.now,
    });
    return {
      job,
      issued: ingested.issued,
      set: ingested.set,
      der: ingested.issued.certificate.der,
      beside: ingested.beside,
    };
  } catch (error) {
    if (error instanceof ZmintError) return { job, error };
    throw error;
  }
}

/** When the future sets must be valid: at the activation instant, or from now on when it is not fixed. */
export function validAt(run: OperationRun): Instant {
  const { activation } = run.operation;
  return activation.when === 'at' ? Math.max(activation.instant, run.now) : run.now;
}

async function recordBatch(
  ctx: OperationContext,
  run: OperationRun,
  outcomes: readonly Outcome[],
): Promise<void> {
  const parts = new Map(run.parts.map((part) => [part.memberId, part]));
  const made = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome]));
  const updated = outcomes.flatMap((outcome): readonly OperationMember[] => {
    const part = parts.get(outcome.job.member.id);
    return part === undefined ? [] : [settle(part, outcome, run.now)];
  });
  const names = outcomes.map((outcome) => outcome.job.member.name);
  await recordEvent(
    ctx,
    {
      what: 'servers-minted',
      at: run.now,
      operationId: run.operation.id,
      details: { servers: names, failed: outcomes.length - made.length },
    },
    [
      ...made.flatMap((outcome) => outcome.beside ?? []),
      {
        type: 'add-certificates',
        certificates: made.map((outcome) => ({ record: outcome.issued.record, der: outcome.der })),
      },
      { type: 'put-sets', sets: made.map((outcome) => outcome.set) },
      { type: 'put-operation-members', members: updated },
    ],
  );
}

function settle(part: OperationMember, outcome: Outcome, now: Instant): OperationMember {
  if ('error' in outcome) {
    const { code, message } = outcome.error;
    return {
      ...part,
      creation: 'creating-certificate-failed',
      update: 'error',
      problem: { code, message, at: now },
    };
  }
  return {
    ...part,
    creation: 'new-certificate-created',
    update: part.update === 'error' ? 'not-assigned' : part.update,
    futureCertificate: outcome.issued.record.fingerprint,
    problem: null,
  };
}
