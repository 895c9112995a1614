import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes, SetFiles } from '../ports/member-homes.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import { changedRoot } from '../zone/changed-root.js';
import { futureContent } from '../zone/operation-content.js';
import { inOrder } from '../zone/part-order.js';
import { nextSetNumber } from '../zone/zone-snapshot.js';
import { holdsTaken } from './clear-repos.js';
import { ingestPlaced, type Ingested } from './ingest-placed.js';
import { EVERYTHING, memberOf, setOf, type OperationRun } from './operation-run.js';
import { isEmptyRepo } from './own-repo.js';
import { isFresh, isPlacedByHand } from './placed-set.js';
import { validAt } from './prepare-operation.js';
import { readBatch } from './read-snapshot.js';
import { recordEvent } from './record-event.js';

/** A batch as it is once the sets of persons were taken. */
export interface Replaced {
  readonly run: OperationRun;
  /** Ids of the servers whose placed set does not fit. */
  readonly refused: ReadonlySet<string>;
  /** The future sets that stay and were read to be told apart from what is placed, by server. */
  readonly read: ReadonlyMap<string, SetFiles>;
}

/**
 * Takes sets that a person placed into remint-repos while the operation waited, in place of those
 * that zmint minted. A set that does not fit is reported as the server's problem, and the server is
 * not activated until it is mended or removed.
 */
export async function replacePlaced(
  ctx: OperationContext,
  run: OperationRun,
  homes: MemberHomes,
): Promise<Replaced> {
  const refused = new Set<string>();
  const read = new Map<string, SetFiles>();
  const taken: string[] = [];
  for (const part of run.parts) {
    const member = memberOf(run, part);
    if (member === undefined || part.futureSet === null || part.futureCertificate === null)
      continue;
    if (part.evidence !== null) continue;
    const result = await replaceOne(ctx, run, homes, { part, member });
    if (result === 'refused') refused.add(member.id);
    else if (result === 'taken') taken.push(member.id);
    else if (result !== undefined) read.set(member.id, result);
  }
  return { run: taken.length === 0 ? run : await readAgain(ctx, run), refused, read };
}

/** The same parts and members as the database has them now. */
async function readAgain(ctx: OperationContext, run: OperationRun): Promise<OperationRun> {
  const { snapshot, operation, parts } = run;
  const { members } = snapshot;
  const ids = parts.map((part) => part.memberId);
  return {
    ...run,
    snapshot: await readBatch(ctx, snapshot, members, EVERYTHING),
    parts: inOrder(await ctx.store.partsOf(ids, [operation.id]), members),
  };
}

/** The future set, where it stays and was read; undefined: it stays and was not. */
async function replaceOne(
  ctx: OperationContext,
  run: OperationRun,
  homes: MemberHomes,
  { part, member }: { readonly part: OperationMember; readonly member: Member },
): Promise<SetFiles | 'taken' | 'refused' | undefined> {
  try {
    const home = serverHome(ctx.zoneHome, member);
    const repo = await homes.readRepo(home);
    if (isEmptyRepo(repo)) return undefined;
    const own = await homes.readSet(home, part.futureSet ?? 0);
    if (!isPlacedByHand(ctx, repo, own) || isFresh(repo)) return own;
    if (holdsTaken(ctx, repo.certificates, part.futureCertificate)) return own;
    const ingested = await ingestPlaced(ctx, {
      member,
      number: nextSetNumber(run.snapshot, member.id),
      content: futureContent(run.snapshot, run.operation, await ctx.store.anchors()),
      operationId: run.operation.id,
      generation: run.operation.generation,
      root: changedRoot(run.snapshot, run.operation),
      validAt: validAt(run),
      now: run.now,
    });
    await recordTaken(ctx, run, { part, member, ingested });
    return 'taken';
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    await refusePlaced(ctx, run, { part, member, error });
    return 'refused';
  }
}

interface Taken {
  readonly part: OperationMember;
  readonly member: Member;
  readonly ingested: Ingested;
}

async function recordTaken(ctx: OperationContext, run: OperationRun, taken: Taken): Promise<void> {
  const { part, member, ingested } = taken;
  const { record, certificate } = ingested.issued;
  const minted = setOf(run, member.id, part.futureSet ?? 0);
  const details = { member: member.name, fingerprint: record.fingerprint };
  const what = 'placed-set-taken';
  const certificates = [{ record, der: certificate.der }];
  const next: OperationMember = {
    ...part,
    futureSet: ingested.set.number,
    futureCertificate: record.fingerprint,
    problem: null,
  };
  await recordEvent(ctx, { what, at: run.now, operationId: run.operation.id, details }, [
    ...ingested.beside,
    { type: 'add-certificates', certificates },
    {
      type: 'set-certificate-state',
      fingerprints: part.futureCertificate === null ? [] : [part.futureCertificate],
      state: 'cancelled',
    },
    { type: 'put-sets', sets: [ingested.set, { ...minted, state: 'discarded' }] },
    { type: 'put-operation-members', members: [next] },
  ]);
}

async function refusePlaced(
  ctx: OperationContext,
  run: OperationRun,
  refused: { readonly part: OperationMember; readonly member: Member; readonly error: ZmintError },
): Promise<void> {
  const { part, member, error } = refused;
  if (part.problem?.message === error.message) return;
  const problem = { code: error.code, message: error.message, at: run.now };
  ctx.progress.report({
    type: 'member',
    step: 'activate',
    member: member.name,
    ok: false,
    text: error.message,
  });
  await recordEvent(
    ctx,
    {
      what: 'placed-set-refused',
      at: run.now,
      operationId: run.operation.id,
      details: { member: member.name, code: error.code },
    },
    [{ type: 'put-operation-members', members: [{ ...part, update: 'error', problem }] }],
  );
}
