import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import { isRendered } from '../zone/is-rendered.js';
import type { OperationMember } from '../zone/operation.js';
import { futureContent, type SetContent } from '../zone/operation-content.js';
import { inPipeline } from './in-pipeline.js';
import { ingestPlaced } from './ingest-placed.js';
import { mintingMaterial } from './minting-material.js';
import { mintAuthority } from './mint-authority.js';
import { makeSets } from './make-sets.js';
import { storeSets } from './mint-servers.js';
import type { MadeSets, MintOutcome, ServerJob, ServerMinting } from './server-job.js';
import { loadRun, memberOf, partBatches, type OperationRun } from './operation-run.js';
import { recordEvent } from './record-event.js';
import { requestMissing } from './request-missing.js';
import type { AuthorityKeys } from './unlock-authority.js';

/**
 * Mints everything of an operation in `preparing`: the next CA when it has one, then every server's
 * future set; for an external CA the requests that it is to sign. What has been recorded is not made
 * again. Ends with the operation `prepared`, which
 * is its point of no undoing by recovery. Returns whether this run has minted every future set
 * there is: none was there before, and none was taken from a remint-repo.
 *
 * A server that fails is recorded with its reason; when every server fails, the first reason is thrown.
 */
export async function prepareOperation(
  ctx: OperationContext,
  begun: OperationRun,
  keys: AuthorityKeys,
): Promise<boolean> {
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
  const head = await loadRun(ctx, begun.operation.id, now);
  const earlier = await ctx.store.countParts(head.operation.id, 'minted');
  const external = planned?.origin?.kind === 'external' ? planned.origin : undefined;
  const { failure, placed } =
    external === undefined
      ? await mintMissing(ctx, head, keys, 'unminted')
      : { failure: await requestMissing(ctx, head, external.requests), placed: true };
  const minted = await ctx.store.countParts(head.operation.id, 'minted');
  if (minted === 0 && failure !== undefined) throw failure;
  const failed = await ctx.store.countParts(head.operation.id, 'unminted-failed');
  await recordEvent(
    ctx,
    {
      what: 'operation-prepared',
      at: now,
      operationId: head.operation.id,
      details: { minted, failed },
    },
    [{ type: 'put-operation', operation: { ...head.operation, phase: 'prepared' } }],
  );
  return earlier === 0 && !placed;
}

/** What came of minting what was missing. */
export interface Minted {
  /** Why the first one failed. */
  readonly failure: ZmintError | undefined;
  /** Whether sets were to be taken from remint-repos. */
  readonly placed: boolean;
}

/** Mints the future sets that are still missing, batch by batch. */
export async function mintMissing(
  ctx: OperationContext,
  head: OperationRun,
  keys: AuthorityKeys,
  selection: 'unminted' | 'unminted-failed',
): Promise<Minted> {
  const total = await ctx.store.countParts(head.operation.id, selection);
  if (total === 0) return { failure: undefined, placed: false };
  const by = await mintingOf(ctx, head, keys);
  let failure: ZmintError | undefined;
  let placed = false;
  let done = 0;
  ctx.progress.report({ type: 'begin', step: 'mint', total });
  const walk = { selection, certificates: false, sets: true };
  await inPipeline(
    partBatches(ctx, head, walk),
    (run) => makeBatch(ctx, run, by),
    async (batch) => {
      const outcomes = await storeBatch(ctx, batch, by);
      if (outcomes.length > 0) await recordBatch(ctx, batch.run, outcomes);
      placed ||= batch.jobs.some(({ planned }) => planned.placedByHand);
      failure ??= outcomes.flatMap((one) => ('error' in one ? [one.error] : []))[0];
      done += batch.run.parts.length;
      ctx.progress.report({ type: 'advance', step: 'mint', done });
    },
  );
  ctx.progress.report({ type: 'end', step: 'mint' });
  return { failure, placed };
}

interface Job extends ServerJob {
  readonly part: OperationMember;
}

type Outcome = MintOutcome & { readonly beside?: readonly Change[] };

/** What is the same for all servers of the operation. */
interface Minting {
  readonly content: SetContent;
  readonly servers: ServerMinting;
}

async function mintingOf(
  ctx: OperationContext,
  head: OperationRun,
  keys: AuthorityKeys,
): Promise<Minting> {
  const { snapshot, operation, now } = head;
  const authority = snapshot.authorities.find((one) => one.generation === operation.generation);
  if (authority === undefined)
    throw new ZmintError('damaged', 'the CA of this operation is missing', {
      hint: 'zmint doctor',
    });
  const content = futureContent(snapshot, operation, await ctx.store.anchors());
  return {
    content,
    servers: {
      authority,
      keys,
      ...(await mintingMaterial(ctx, authority, content)),
      operationId: operation.id,
      now,
      validAt: validAt(head),
      state: 'future',
      rendered: isRendered(operation),
    },
  };
}

function jobsOf(run: OperationRun): readonly Job[] {
  return run.parts.flatMap((part): readonly Job[] => {
    const member = memberOf(run, part);
    if (member === undefined || part.planned === null || part.futureSet === null) return [];
    if (part.creation === 'new-certificate-created') return [];
    const sets = run.snapshot.sets.get(member.id) ?? [];
    const waiting = sets.filter((set) => set.state === 'ready');
    const { planned, futureSet: number } = part;
    return [{ part, member, planned, number, purpose: 'future', waiting }];
  });
}

/** A batch of which the sets are made; those placed by hand are taken when it is stored. */
interface MadeBatch {
  readonly run: OperationRun;
  readonly jobs: readonly Job[];
  readonly sets: MadeSets;
}

async function makeBatch(
  ctx: OperationContext,
  run: OperationRun,
  by: Minting,
): Promise<MadeBatch> {
  const jobs = jobsOf(run);
  const fresh = jobs.filter((one) => !one.planned.placedByHand);
  const none = { made: [], failed: [] };
  const sets = fresh.length === 0 ? none : await makeSets(ctx, by.servers, fresh);
  return { run, jobs, sets };
}

async function storeBatch(
  ctx: OperationContext,
  { run, jobs, sets }: MadeBatch,
  by: Minting,
): Promise<readonly Outcome[]> {
  const placed: Outcome[] = [];
  for (const job of jobs.filter((one) => one.planned.placedByHand))
    placed.push(await ingest(ctx, run, by.content, job));
  return [...placed, ...(await storeSets(ctx, by.servers, sets))];
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
      root: null,
      validAt: validAt(run),
      now: run.now,
    });
    const { record, certificate } = ingested.issued;
    const { set, beside } = ingested;
    return { job, record, der: certificate.der, set, beside };
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
        certificates: made.map(({ record, der }) => ({ record, der })),
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
    futureCertificate: outcome.record.fingerprint,
    problem: null,
  };
}
