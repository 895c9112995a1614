import { ZmintError } from '../../src/errors.js';

/** Changes of a list of values. */
export interface ListChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * The list with some values taken away and others added; undefined when nothing was asked. Throws
 * `not-found` for a value that is to go and is not there.
 *
 * @param what - for the message: `web1 has no IP address …`
 */
export function changedList(
  before: readonly string[],
  change: ListChange,
  what: { readonly member: string; readonly value: string },
): readonly string[] | undefined {
  if (change.add.length === 0 && change.remove.length === 0) return undefined;
  const missing = change.remove.find((value) => !before.includes(value));
  if (missing !== undefined) {
    throw new ZmintError('not-found', `${what.member} has no ${what.value} "${missing}"`, {
      hint: `zmint server show ${what.member}`,
    });
  }
  return [...before.filter((value) => !change.remove.includes(value)), ...change.add];
}
