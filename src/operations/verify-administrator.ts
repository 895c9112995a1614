import type { ReadContext } from '../ports/context.js';
import type { AdministratorRow } from './list-administrators.js';

/**
 * Who signs in with this name and password; undefined when either is wrong, which of them is not
 * said. A key is derived in every case, so that the time tells nothing about names. The caller wipes
 * the password. Throws `damaged`.
 */
export async function verifyAdministrator(
  ctx: Pick<ReadContext, 'store' | 'passwords'>,
  name: string,
  password: Uint8Array,
): Promise<AdministratorRow | undefined> {
  const known = await ctx.store.administrator(name);
  const right = await ctx.passwords.verify(password, known?.password);
  if (!right || known === undefined) return undefined;
  const { privilege, addedAt, passwordSetAt } = known;
  return { name: known.name, privilege, addedAt, passwordSetAt };
}
