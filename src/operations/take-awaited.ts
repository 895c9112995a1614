import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { RepoFile, RepoFiles } from '../ports/member-homes.js';
import type { Certificate } from '../x509/certificate.js';
import { readCertificates } from '../x509/read-certificates.js';
import { changedRoot } from '../zone/changed-root.js';
import { isAwaited } from '../zone/is-awaited.js';
import type { Member } from '../zone/member.js';
import { serverHome } from '../zone/member-home.js';
import type { OperationMember } from '../zone/operation.js';
import { futureContent } from '../zone/operation-content.js';
import { nextSetNumber } from '../zone/zone-snapshot.js';
import { waitingKey } from './import-keys.js';
import { ingestPlaced, type Ingested } from './ingest-placed.js';
import { EVERYTHING, memberOf, partBatches, type OperationRun } from './operation-run.js';
import { isFresh } from './placed-set.js';
import { plannedImport } from './planned-import.js';
import { validAt } from './prepare-operation.js';
import { recordEvent } from './record-event.js';

/** What is taken, and how. */
export interface TakeWish {
  /** Ids of the servers whose remint-repos an import has just filled; those of others must have rested. */
  readonly imported: ReadonlySet<string>;
}

/**
 * Takes the certificates that an external CA has made for a change of the CA: those that lie in the
 * remint-repos of servers that wait for them, with `key.der` or for the key of a request. Each becomes
 * the future set of its server. One that does not fit is reported as the server's problem, and the
 * server goes on waiting.
 *
 * Order of writes for each: the set; its records. Run again, it does what is missing.
 */
export async function takeAwaited(
  ctx: OperationContext,
  head: OperationRun,
  wish: TakeWish = { imported: new Set() },
): Promise<void> {
  if (changedRoot(head.snapshot, head.operation) === null) return;
  const walk = { ...EVERYTHING, selection: 'unminted' } as const;
  for await (const run of partBatches(ctx, head, walk)) {
    for (const part of run.parts) {
      const member = memberOf(run, part);
      if (member !== undefined && isAwaited(part)) await takeOne(ctx, run, { part, member, wish });
    }
  }
}

interface Awaited {
  readonly part: OperationMember;
  readonly member: Member;
  readonly wish: TakeWish;
}

async function takeOne(
  ctx: OperationContext,
  run: OperationRun,
  { part, member, wish }: Awaited,
): Promise<void> {
  try {
    const placed = await ctx.homes.readRepo(serverHome(ctx.zoneHome, member));
    const imported = wish.imported.has(member.id);
    if (placed.certificates.length === 0 || (!imported && isFresh(placed))) return;
    const repo = await withWaitingKey(ctx, run, placed);
    const ingested = await ingestPlaced(ctx, {
      member,
      number: Math.max(part.futureSet ?? 0, nextSetNumber(run.snapshot, member.id)),
      content: futureContent(run.snapshot, run.operation, await ctx.store.anchors()),
      operationId: run.operation.id,
      generation: run.operation.generation,
      root: changedRoot(run.snapshot, run.operation),
      repo,
      validAt: validAt(run),
      now: run.now,
    });
    await recordTaken(ctx, run, { part, member, imported, ingested });
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    await recordRefused(ctx, run, { part, member, error });
  }
}

/** A certificate without `key.der` beside it is for the key of a request. */
async function withWaitingKey(
  ctx: OperationContext,
  run: OperationRun,
  repo: RepoFiles,
): Promise<RepoFiles> {
  if (repo.key !== undefined) return repo;
  const zone = { snapshot: run.snapshot, requests: await ctx.store.requests() };
  for (const one of repo.certificates.flatMap(certificatesIn)) {
    const key = await waitingKey(ctx, zone, ctx.digest.sha256(one.spki));
    if (key !== undefined)
      return { ...repo, key: { name: 'key.der', bytes: key.pkcs8, ageMs: Infinity } };
  }
  return repo;
}

function certificatesIn({ bytes, name }: RepoFile): readonly Certificate[] {
  return readCertificates(bytes, name);
}

interface Taken {
  readonly part: OperationMember;
  readonly member: Member;
  readonly imported: boolean;
  readonly ingested: Ingested;
}

async function recordTaken(
  ctx: OperationContext,
  run: OperationRun,
  { part, member, imported, ingested }: Taken,
): Promise<void> {
  const { set, beside, issued } = ingested;
  const { record, certificate } = issued;
  const next: OperationMember = {
    ...part,
    planned: { ...plannedImport(ctx, run.snapshot, member, certificate), imported, awaited: true },
    creation: 'new-certificate-created',
    update: 'pending-certificate-activation',
    futureSet: set.number,
    futureCertificate: record.fingerprint,
    problem: null,
  };
  const details = { member: member.name, fingerprint: record.fingerprint };
  const what = 'awaited-certificate-taken';
  await recordEvent(ctx, { what, at: run.now, operationId: run.operation.id, details }, [
    ...beside,
    { type: 'add-certificates', certificates: [{ record, der: certificate.der }] },
    { type: 'put-sets', sets: [set] },
    { type: 'put-operation-members', members: [next] },
  ]);
}

async function recordRefused(
  ctx: OperationContext,
  run: OperationRun,
  refused: { readonly part: OperationMember; readonly member: Member; readonly error: ZmintError },
): Promise<void> {
  const { part, member, error } = refused;
  if (part.problem?.message === error.message) return;
  const { code, message } = error;
  const told = { type: 'member', step: 'take', member: member.name, ok: false } as const;
  ctx.progress.report({ ...told, text: message });
  const details = { member: member.name, code };
  const what = 'placed-set-refused';
  const problem = { code, message, at: run.now };
  await recordEvent(ctx, { what, at: run.now, operationId: run.operation.id, details }, [
    { type: 'put-operation-members', members: [{ ...part, problem }] },
  ]);
}
