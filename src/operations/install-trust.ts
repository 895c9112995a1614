import { equalBytes } from '../encoding/bytes.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { OutsideStore } from '../ports/outside-store.js';
import type { Instant } from '../zone/instant.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import { recordEvent } from './record-event.js';

/** Which store, and whether the zone's roots are to be there. */
export interface InstallRequest {
  readonly kind: 'system' | 'nss';
  readonly store: OutsideStore;
  /** Takes the zone's roots out again. */
  readonly undo: boolean;
}

/** A root on its way into a store. */
export interface InstalledRoot {
  readonly name: string;
  readonly anchor: TrustAnchor;
  readonly der: Uint8Array;
}

/** What changes in a store outside of the zone. */
export interface InstallPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly kind: InstallRequest['kind'];
  readonly place: string;
  readonly undo: boolean;
  readonly add: readonly InstalledRoot[];
  /** Names of entries that this zone made and that are to go. */
  readonly remove: readonly string[];
  /** How many are there already. */
  readonly kept: number;
}

const ZONE_DIGITS = 8;
const NAME_DIGITS = 16;

/**
 * Compares a store with the zone's roots. An entry is the zone's by its name, which begins with
 * `zmint-` and the zone's id and ends in digits of the root's SHA-256: entries of others are never
 * touched, and nothing must be remembered for undoing. Undefined when the store is as it should be.
 */
export async function planInstall(
  ctx: ReadContext,
  { kind, store, undo }: InstallRequest,
  now: Instant,
): Promise<InstallPlan | undefined> {
  const { id } = await ctx.store.zone();
  const prefix = `zmint-${id.slice(0, ZONE_DIGITS)}-`;
  const wanted = undo ? [] : await wantedRoots(ctx, prefix);
  const present = await store.list(prefix);
  const add = wanted.filter(
    ({ name, der }) =>
      !present.some((one) => one.name === name && one.der !== null && equalBytes(one.der, der)),
  );
  const remove = present
    .map(({ name }) => name)
    .filter((name) => !wanted.some((one) => one.name === name));
  if (add.length === 0 && remove.length === 0) return undefined;
  const [newest] = (await ctx.store.lastEvents(1)).slice(-1);
  return {
    basis: newest?.sequence ?? 0,
    at: now,
    kind,
    place: store.place,
    undo,
    add,
    remove,
    kept: wanted.length - add.length,
  };
}

/**
 * Changes the store. Order of writes: the audit event, which says what is going to be done; new
 * roots; roots that go; then the refresh. A crash leaves a store in which each root is there or
 * not, and the same command, or its undoing, goes on from what it finds.
 */
export async function executeInstall(
  ctx: OperationContext,
  store: OutsideStore,
  plan: InstallPlan,
): Promise<void> {
  const details = {
    kind: plan.kind,
    place: plan.place,
    added: plan.add.map(({ anchor }) => ({ alias: anchor.alias, fingerprint: anchor.certificate })),
    removed: plan.remove,
  };
  const what = plan.undo ? 'trust-uninstall-begun' : 'trust-install-begun';
  await recordEvent(ctx, { what, at: plan.at, details }, []);
  for (const { name, der } of plan.add) await store.add(name, der);
  for (const name of plan.remove) await store.remove(name);
  await store.refresh();
}

async function wantedRoots(ctx: ReadContext, prefix: string): Promise<readonly InstalledRoot[]> {
  const anchors = await ctx.store.anchors();
  const ders = await ctx.store.der(anchors.map(({ certificate }) => certificate));
  return anchors.flatMap((anchor, index) => {
    const der = ders[index];
    const digits = anchor.certificate.slice(0, NAME_DIGITS);
    const name = `${prefix}${anchor.alias.toLowerCase()}-${digits}`;
    return der === undefined ? [] : [{ name, anchor, der }];
  });
}
