import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Administrator, Privilege } from '../zone/administrator.js';
import { parseAdministratorName } from '../zone/administrator-name.js';
import { chooseRemoved, findNamed, refuseAdding } from '../zone/decide-administrators.js';
import type { Instant } from '../zone/instant.js';
import { requireLongSecret } from '../zone/secret-rule.js';
import { recordEvent } from './record-event.js';

/** A change of the administrators, decided but not made. */
export interface AdministratorPlan {
  /** The audit sequence. */
  readonly basis: number;
  readonly at: Instant;
  readonly name: string;
  readonly privilege: Privilege;
}

/** Plans a new administrator. Throws `policy` for the name, and as `refuseAdding` says. */
export async function planAddAdministrator(
  ctx: ReadContext,
  wanted: { readonly name: string; readonly privilege: Privilege },
  now: Instant,
): Promise<AdministratorPlan> {
  const name = parseAdministratorName(wanted.name);
  await ctx.store.zone();
  refuseAdding(await ctx.store.administrators(), { ...wanted, name });
  return { ...(await begin(ctx, now)), name, privilege: wanted.privilege };
}

/** Records the administrator. The caller wipes the password. Throws `policy` for one that is too short. */
export async function executeAddAdministrator(
  ctx: OperationContext,
  plan: AdministratorPlan,
  password: Uint8Array,
): Promise<void> {
  requireLongSecret(password, 'the password');
  const { at, name, privilege } = plan;
  const administrator: Administrator = {
    name,
    privilege,
    password: await ctx.passwords.hash(password),
    addedAt: at,
    passwordSetAt: at,
  };
  await recordEvent(ctx, { what: 'administrator-added', at, details: { name, privilege } }, [
    { type: 'put-administrator', administrator },
  ]);
}

/** Plans a new password. Throws `not-found`. */
export async function planSetPassword(
  ctx: ReadContext,
  name: string,
  now: Instant,
): Promise<AdministratorPlan> {
  await ctx.store.zone();
  const one = findNamed(await ctx.store.administrators(), name);
  return { ...(await begin(ctx, now)), name: one.name, privilege: one.privilege };
}

/** Records the new password. The caller wipes it. Throws `policy` for one that is too short. */
export async function executeSetPassword(
  ctx: OperationContext,
  plan: AdministratorPlan,
  password: Uint8Array,
): Promise<void> {
  requireLongSecret(password, 'the password');
  const { at, name } = plan;
  const before = findNamed(await ctx.store.administrators(), name);
  const administrator = {
    ...before,
    password: await ctx.passwords.hash(password),
    passwordSetAt: at,
  };
  await recordEvent(ctx, { what: 'administrator-password-set', at, details: { name } }, [
    { type: 'put-administrator', administrator },
  ]);
}

/** Plans the removal. Throws `not-found`, and `policy` as `chooseRemoved` says. */
export async function planRemoveAdministrator(
  ctx: ReadContext,
  name: string,
  now: Instant,
): Promise<AdministratorPlan> {
  await ctx.store.zone();
  const one = chooseRemoved(await ctx.store.administrators(), name);
  return { ...(await begin(ctx, now)), name: one.name, privilege: one.privilege };
}

/** Removes the administrator; what was done under the name stays in the audit log. */
export async function executeRemoveAdministrator(
  ctx: OperationContext,
  { at, name, privilege }: AdministratorPlan,
): Promise<void> {
  await recordEvent(ctx, { what: 'administrator-removed', at, details: { name, privilege } }, [
    { type: 'remove-administrator', name },
  ]);
}

async function begin(
  ctx: ReadContext,
  at: Instant,
): Promise<Pick<AdministratorPlan, 'basis' | 'at'>> {
  const newest = (await ctx.store.lastEvents(1)).at(-1);
  return { basis: newest?.sequence ?? 0, at };
}
