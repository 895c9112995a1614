import { ZmintError } from '../errors.js';
import type { Administrator, Privilege } from './administrator.js';
import { shellWord } from './shell-word.js';

type Known = Pick<Administrator, 'name' | 'privilege'>;

/** Throws `policy` for a name that is taken, and for an operator where there is no admin yet. */
export function refuseAdding(all: readonly Known[], wanted: Known): void {
  if (all.some(({ name }) => name === wanted.name)) {
    throw new ZmintError('policy', `there is an administrator ${wanted.name} already`, {
      hint: `zmint admin passwd ${shellWord(wanted.name)}`,
    });
  }
  if (wanted.privilege === 'admin' || countAdmins(all) > 0) return;
  throw new ZmintError('policy', 'the first administrator must have the privilege admin', {
    hint: `zmint admin add ${shellWord(wanted.name)} --privilege admin`,
  });
}

/**
 * The administrator of that name. Throws `not-found`, and `policy` for the last one with the
 * privilege admin while there are operators: nobody could give them a new password then.
 */
export function chooseRemoved<A extends Known>(all: readonly A[], name: string): A {
  const one = findNamed(all, name);
  const operators = all.length - countAdmins(all);
  if (one.privilege === 'operator' || countAdmins(all) > 1 || operators === 0) return one;
  throw new ZmintError('policy', `${one.name} is the last admin, and there are operators`, {
    hint: 'zmint admin add NAME --privilege admin, or remove the operators first',
  });
}

/** The administrator of that name. Throws `not-found`. */
export function findNamed<A extends Known>(all: readonly A[], name: string): A {
  const one = all.find((each) => each.name === name);
  if (one !== undefined) return one;
  throw new ZmintError('not-found', `there is no administrator "${name}"`, {
    hint: 'zmint admin list',
  });
}

function countAdmins(all: readonly { readonly privilege: Privilege }[]): number {
  return all.filter(({ privilege }) => privilege === 'admin').length;
}
