import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Operation } from '../zone/operation.js';
import { findMembers } from './find-members.js';

/** What a person named: an operation, members, or nothing. */
export interface Named {
  readonly operation?: string | undefined;
  readonly members: readonly string[];
}

/** The ids of named members; null when none was named. Throws `unknown-member`, `ambiguous-member`. */
export async function namedMembers(
  ctx: ReadContext,
  named: Named,
): Promise<ReadonlySet<string> | null> {
  if (named.members.length === 0) return null;
  const members = await findMembers(ctx, named.members);
  return new Set(members.map((member) => member.id));
}

/**
 * The operations among candidates that a command means: the one that was named, those that have a
 * part in a named member, or all. Throws `not-found` when there is none.
 *
 * @param ids - what `namedMembers` found
 */
export async function chooseOperations(
  ctx: ReadContext,
  named: Named,
  ids: ReadonlySet<string> | null,
  candidates: readonly Operation[],
): Promise<readonly Operation[]> {
  const wanted = named.operation;
  const fitting = candidates.filter(({ id }) => wanted === undefined || id === wanted);
  const found = ids === null ? fitting : await ofMembers(ctx, ids, fitting);
  if (found.length > 0) return found;
  const which = wanted === undefined ? '' : ` "${wanted}"`;
  throw new ZmintError('not-found', `there is no operation${which} that this could be for`, {
    hint: 'zmint status',
  });
}

async function ofMembers(
  ctx: ReadContext,
  ids: ReadonlySet<string>,
  operations: readonly Operation[],
): Promise<readonly Operation[]> {
  const parts = await ctx.store.partsOf(
    [...ids],
    operations.map((operation) => operation.id),
  );
  const touched = new Set(parts.map((part) => part.operationId));
  return operations.filter(({ id }) => touched.has(id));
}

/** As `chooseOperations`, where it must be one. Throws `usage` when several fit. */
export async function chooseOperation(
  ctx: ReadContext,
  named: Named,
  candidates: readonly Operation[],
): Promise<Operation> {
  const found = await chooseOperations(ctx, named, await namedMembers(ctx, named), candidates);
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
