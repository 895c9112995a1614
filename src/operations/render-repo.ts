import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import type { OperationMember } from '../zone/operation.js';
import { reachedMember, type OperationRun } from './operation-run.js';
import { holdsForeign } from './own-repo.js';

/**
 * Shows the future set of a server in its remint-repo, where nothing of a person lies. A home that
 * cannot be written to is left as it is: what waits there is a rendering, not the set.
 */
export async function renderRepo(
  ctx: OperationContext,
  homes: MemberHomes,
  run: OperationRun,
  part: OperationMember,
): Promise<void> {
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.futureSet === null || part.planned === null) return;
  const { home } = reached;
  try {
    const repo = await homes.readRepo(home);
    const files = await homes.readSet(home, part.futureSet);
    // A part of it is what a crash has left.
    if (files === undefined || holdsForeign(ctx, repo, [files])) return;
    await homes.writeRepo(home, files);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
  }
}
