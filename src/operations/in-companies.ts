import type { SwitchJob } from './switch-member.js';

/** What is known of a member that is to be switched. */
interface Ranked {
  readonly part: { readonly order: number };
  readonly job: SwitchJob;
}

/** Members of one rank that can go together in waves. */
export interface Company<T> {
  /** Whether they are reloaded or looked at; else their files are all there is to see. */
  readonly served: boolean;
  readonly drives: readonly T[];
}

/**
 * Members by rank of activation. In each rank those that are reloaded or looked at come first: only
 * they can show that something is wrong with the new sets. Among them those that name the same
 * reload command stand together, so that it is run as rarely as the waves allow.
 */
export function inCompanies<T extends Ranked>(drives: readonly T[]): readonly Company<T>[] {
  const ranks = new Map<number, { served: T[]; files: T[] }>();
  for (const drive of drives) {
    const rank = ranks.get(drive.part.order) ?? { served: [], files: [] };
    ranks.set(drive.part.order, rank);
    (isServed(drive) ? rank.served : rank.files).push(drive);
  }
  return [...ranks]
    .sort(([a], [b]) => a - b)
    .flatMap(([, { served, files }]) => [
      { served: true, drives: sameCommandsTogether(served) },
      { served: false, drives: files },
    ]);
}

function isServed({ job }: Ranked): boolean {
  return job.member.reload !== null || (job.member.probe !== null && job.to.leaf !== null);
}

function sameCommandsTogether<T extends Ranked>(drives: readonly T[]): readonly T[] {
  const byCommand = new Map<string, T[]>();
  for (const drive of drives) {
    const { reload, id } = drive.job.member;
    const key = reload === null ? `without: ${id}` : `with: ${reload}`;
    const same = byCommand.get(key);
    if (same === undefined) byCommand.set(key, [drive]);
    else same.push(drive);
  }
  return [...byCommand.values()].flat();
}
