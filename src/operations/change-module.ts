import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Authority } from '../zone/authority.js';
import type { Instant } from '../zone/instant.js';
import { parseKeyUri, renderKeyUri } from '../zone/key-uri.js';
import { tokenKeyOf, type TokenKey } from '../zone/token-key.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';

/** A key of the CA that is to be reached by another PKCS#11 module. */
export interface ModuleChange {
  readonly authority: Authority;
  readonly before: TokenKey;
  readonly after: TokenKey;
}

/** Another module for the keys in tokens. */
export interface ModulePlan {
  readonly basis: number;
  readonly at: Instant;
  /** Absolute. */
  readonly modulePath: string;
  readonly changes: readonly ModuleChange[];
}

/** A key that goes on by the module of before, and why. */
export interface UnchangedModule {
  readonly generation: number;
  readonly reason: string;
}

export interface ModuleReport {
  readonly changed: readonly ModuleChange[];
  readonly unchanged: readonly UnchangedModule[];
}

/**
 * Plans to reach the keys of the CA in tokens by a module at another path. Undefined: no key lies in a
 * token, or all are reached by it already. Throws `operation-pending` while such a key is being made.
 */
export async function planModuleChange(
  ctx: ReadContext,
  modulePath: string,
  now: Instant,
): Promise<ModulePlan | undefined> {
  const base = await readBase(ctx, now);
  refuseMaking(base);
  const keys = await ctx.store.tokenKeys();
  const known = new Set<string>();
  const changes = base.authorities.flatMap((authority): readonly ModuleChange[] => {
    const before = tokenKeyOf(keys, authority);
    if (before === undefined || authority.state === 'cancelled') return [];
    const { uri } = parseKeyUri(before.uri);
    if (uri.modulePath === modulePath || known.has(before.spkiSha256)) return [];
    known.add(before.spkiSha256);
    const after = { ...before, uri: renderKeyUri({ ...uri, modulePath }), recordedAt: now };
    return [{ authority, before, after }];
  });
  if (changes.length === 0) return undefined;
  return { basis: base.sequence, at: now, modulePath, changes };
}

/**
 * Opens each key by the new module, where it is the same key and signs a test that verifies, and
 * records in one transaction what was found. The key of the CA in use must be among it; an earlier
 * one that the module does not show stays as it was. Throws what `TokenKeys.open` throws; then
 * nothing is changed.
 */
export async function executeModuleChange(
  ctx: OperationContext,
  plan: ModulePlan,
): Promise<ModuleReport> {
  const changed: ModuleChange[] = [];
  const unchanged: UnchangedModule[] = [];
  let failure: unknown;
  for (const change of plan.changes) {
    const { generation, state } = change.authority;
    try {
      await prove(ctx, change);
      changed.push(change);
    } catch (error) {
      if (state === 'active' || !isElsewhere(error)) throw error;
      failure ??= error;
      unchanged.push({ generation, reason: error.message });
    }
  }
  if (changed.length === 0) throw failure;
  const details = {
    modulePath: plan.modulePath,
    generations: changed.map(({ authority }) => authority.generation),
  };
  await recordEvent(
    ctx,
    { what: 'token-module-changed', at: plan.at, details },
    changed.map(({ after }) => ({ type: 'put-token-key', key: after })),
  );
  return { changed, unchanged };
}

async function prove(ctx: OperationContext, { authority, after }: ModuleChange): Promise<void> {
  const [der = new Uint8Array()] = await ctx.store.der([authority.certificate]);
  const { uri } = parseKeyUri(after.uri);
  const signer = await ctx.tokens.open(uri, parseCertificate(der).spki, () => ctx.pin.read(uri));
  signer.close();
}

/** Its token is not behind this module, or the key is in another one. */
function isElsewhere(error: unknown): error is ZmintError {
  if (!(error instanceof ZmintError)) return false;
  return error.code === 'token-unavailable' || error.code === 'not-found';
}

function refuseMaking({ pending }: ZoneSnapshot): void {
  const making = pending.find(
    ({ phase, plannedAuthority }) => phase === 'preparing' && plannedAuthority?.token !== undefined,
  );
  if (making === undefined) return;
  throw new ZmintError('operation-pending', `${making.id} is making a key in a token`, {
    hint: 'zmint ssl resume finishes it, or undoes it where the token cannot be reached',
  });
}
