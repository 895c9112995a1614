import type { ReadContext } from '../ports/context.js';
import type { MemberHomes, RepoFiles, SetFiles } from '../ports/member-homes.js';
import { isPlacedByHand } from './placed-set.js';

/**
 * The sets that zmint may have put into a member's remint-repo: those that wait to be served, also
 * of an operation that went on without the member, and those of the given numbers.
 */
export async function ownRepoSets(
  ctx: ReadContext,
  where: { readonly memberId: string; readonly home: string },
  numbers: readonly number[] = [],
): Promise<readonly SetFiles[]> {
  const { memberId, home } = where;
  const waiting = (await ctx.store.sets(memberId)).filter((set) => set.state === 'ready');
  return waitingSets(ctx.homes, home, [...numbers, ...waiting.map((set) => set.number)]);
}

/** The sets of these numbers that are there. */
export async function waitingSets(
  homes: MemberHomes,
  home: string,
  numbers: readonly number[],
): Promise<readonly SetFiles[]> {
  const found = await Promise.all(
    [...new Set(numbers)].map((number) => homes.readSet(home, number)),
  );
  return found.filter((files) => files !== undefined);
}

/** Whether nothing that zmint reads or writes lies in a repo. */
export function isEmptyRepo(repo: RepoFiles): boolean {
  const files = [...repo.certificates, repo.key, repo.caCert].filter((file) => file !== undefined);
  return files.length === 0 && !repo.leftovers;
}

/** Whether a repo holds something of a person: anything but one of zmint's own sets, or a part of it. */
export function holdsForeign(ctx: ReadContext, repo: RepoFiles, own: readonly SetFiles[]): boolean {
  return [undefined, ...own].every((files) => isPlacedByHand(ctx, repo, files));
}
