import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes, RepoFile, RepoFiles } from '../ports/member-homes.js';
import type { Certificate } from '../x509/certificate.js';
import { readCertificates } from '../x509/read-certificates.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { reachedMember, type OperationRun } from './operation-run.js';
import { isEmptyRepo } from './own-repo.js';
import { renderedFiles } from './rendered-files.js';

/**
 * Removes from the remint-repos what has become current, in whatever form it was placed there. The
 * run knows the sets of its members.
 */
export async function clearCurrent(
  ctx: OperationContext,
  run: OperationRun,
  parts: readonly OperationMember[],
): Promise<void> {
  const homes = ctx.homes.deferred();
  for (const part of parts) {
    const reached = reachedMember(ctx, run, part);
    if (reached === undefined || part.planned === null || part.futureSet === null) continue;
    const { home } = reached;
    const repo = await homes.readRepo(home);
    if (isEmptyRepo(repo)) continue;
    const files = await homes.readSet(home, part.futureSet);
    if (files === undefined) continue;
    const sets = run.snapshot.sets.get(part.memberId) ?? [];
    const taken = wasPlaced(run, part, sets) ? await takenFiles(ctx, part, repo) : {};
    await homes.clearRepo(home, { ...renderedFiles(ctx, files), ...taken });
  }
  await homes.flush();
}

/** Removes from a remint-repo what zmint put there for the operation; a person's set stays. */
export async function clearCancelled(
  ctx: OperationContext,
  homes: MemberHomes,
  run: OperationRun,
  part: OperationMember,
): Promise<void> {
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.planned === null) return;
  if (isEmptyRepo(await homes.readRepo(reached.home))) return;
  for (const { number } of futureSets(run, part)) {
    const sets = run.snapshot.sets.get(part.memberId) ?? [];
    const isPersons = wasPlaced(run, part, sets) && part.planned.imported !== true;
    if (number === part.futureSet && isPersons) continue;
    const files = await homes.readSet(reached.home, number);
    if (files !== undefined) await homes.clearRepo(reached.home, renderedFiles(ctx, files));
  }
}

/** Whether the future set is a person's: planned so, or taken in place of one that was minted. */
function wasPlaced(run: OperationRun, part: OperationMember, sets: readonly MemberSet[]): boolean {
  if (part.planned?.placedByHand === true) return true;
  return sets.some(
    (set) =>
      set.operationId === run.operation.id &&
      set.purpose === 'future' &&
      set.number !== part.futureSet,
  );
}

/** The numbers under which sets of the operation may lie on disk, recorded or not. */
function futureSets(
  run: OperationRun,
  part: OperationMember,
): readonly { readonly number: number }[] {
  const sets = run.snapshot.sets.get(part.memberId) ?? [];
  const recorded = sets.filter(
    (set) => set.operationId === run.operation.id && set.purpose === 'future',
  );
  const known = recorded.some((set) => set.number === part.futureSet);
  return known || part.futureSet === null ? recorded : [...recorded, { number: part.futureSet }];
}

/** The files of a person that hold the certificate, or its key, by name with their SHA-256. */
async function takenFiles(
  ctx: OperationContext,
  part: OperationMember,
  repo: RepoFiles,
): Promise<Readonly<Record<string, string>>> {
  const taken: Record<string, string> = {};
  let leaf: Certificate | undefined;
  for (const file of repo.certificates) {
    const held = certificatesIn(file).find(
      (one) => ctx.digest.sha256(one.der) === part.futureCertificate,
    );
    if (held === undefined) continue;
    leaf = held;
    taken[file.name] = ctx.digest.sha256(file.bytes);
  }
  const { key } = repo;
  if (leaf !== undefined && key !== undefined && (await isKeyOf(ctx, key, leaf)))
    taken[key.name] = ctx.digest.sha256(key.bytes);
  return taken;
}

function certificatesIn(file: RepoFile): readonly Certificate[] {
  try {
    return readCertificates(file.bytes, file.name);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return [];
    throw error;
  }
}

async function isKeyOf(ctx: OperationContext, key: RepoFile, leaf: Certificate): Promise<boolean> {
  try {
    const { spki } = await ctx.keys.pairOf(key.bytes);
    return ctx.digest.sha256(spki) === ctx.digest.sha256(leaf.spki);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return false;
    throw error;
  }
}

/** Whether all that lies in a repo is the set that was taken from it already. */
export function holdsTaken(
  ctx: OperationContext,
  certificates: readonly RepoFile[],
  fingerprint: string | null,
): boolean {
  return (
    certificates.length > 0 &&
    certificates.every((file) =>
      certificatesIn(file).some((one) => ctx.digest.sha256(one.der) === fingerprint),
    )
  );
}
