import type { ReadContext } from '../ports/context.js';
import type { Administrator } from '../zone/administrator.js';

/** An administrator without anything of the password but when it was set. */
export type AdministratorRow = Omit<Administrator, 'password'>;

/** All administrators, by name. */
export async function listAdministrators(
  ctx: Pick<ReadContext, 'store'>,
): Promise<readonly AdministratorRow[]> {
  await ctx.store.zone();
  const all = await ctx.store.administrators();
  return all.map(({ name, privilege, addedAt, passwordSetAt }) => ({
    name,
    privilege,
    addedAt,
    passwordSetAt,
  }));
}
