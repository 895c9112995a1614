import { ZmintError } from '../errors.js';
import type { Operation } from '../zone/operation.js';
import { findMember } from '../zone/member-path.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';

/** What a person named: an operation, members, or nothing. */
export interface Named {
  readonly operation?: string | undefined;
  readonly members: readonly string[];
}

/** The ids of named members; null when none was named. Throws `unknown-member`, `ambiguous-member`. */
export function namedMembers(snapshot: ZoneSnapshot, named: Named): ReadonlySet<string> | null {
  if (named.members.length === 0) return null;
  return new Set(named.members.map((word) => findMember(snapshot.members, word).id));
}

/**
 * The operations among candidates that a command means: the one that was named, those that have a
 * part in a named member, or all. Throws `not-found` when there is none.
 */
export function chooseOperations(
  snapshot: ZoneSnapshot,
  named: Named,
  candidates: readonly Operation[],
): readonly Operation[] {
  const wanted = named.operation;
  const ids = namedMembers(snapshot, named);
  const found = candidates.filter((operation) => {
    if (wanted !== undefined && operation.id !== wanted) return false;
    return (
      ids === null ||
      (snapshot.parts.get(operation.id) ?? []).some((part) => ids.has(part.memberId))
    );
  });
  if (found.length > 0) return found;
  const which = wanted === undefined ? '' : ` "${wanted}"`;
  throw new ZmintError('not-found', `there is no operation${which} that this could be for`, {
    hint: 'zmint status',
  });
}

/** As `chooseOperations`, where it must be one. Throws `usage` when several fit. */
export function chooseOperation(
  snapshot: ZoneSnapshot,
  named: Named,
  candidates: readonly Operation[],
): Operation {
  const found = chooseOperations(snapshot, named, candidates);
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  throw new ZmintError(
    'usage',
    `several operations could be meant: ${found.map((one) => one.id).join(', ')}`,
    {
      hint: '--operation ID',
    },
  );
}
