import { ZmintError } from '../errors.js';
import type { CustodyContext } from '../ports/context.js';
import type { ZoneStore } from '../ports/zone-store.js';
import { awaitedAuthority } from '../zone/authority-request.js';
import type { Change } from '../zone/change.js';
import { ZONE_RESTORED } from '../zone/decide-restore.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import { newestKey } from '../zone/held-keys.js';
import { rebaseHome } from '../zone/rebase-home.js';
import type { Revocation } from '../zone/revocation.js';
import type { VerifiedBackup } from '../zone/verified-backup.js';
import { carriedOver, type Forgotten } from './carry-over.js';
import type { RestorePlan } from './plan-restore.js';
import { PENDING_PHASES } from './read-snapshot.js';

/**
 * Records the restore in the staged zone, in one transaction: who holds the CA role now, where homes
 * are, and what the zone of before did after the backup that must not be forgotten (`carriedOver`).
 * Returns what of that could not be read. Throws `damaged` when the staged zone is not sound.
 */
export async function recordRestore(
  ctx: CustodyContext,
  plan: RestorePlan,
  folder: string,
): Promise<readonly Forgotten[]> {
  const carried = await carriedOver(ctx, plan, folder);
  const store = await ctx.images.openStore(folder);
  try {
    const details = {
      sha256: plan.sha256,
      server: plan.server?.name ?? null,
      headSequence: plan.manifest.head.sequence,
      lineage: plan.present.lineage,
      aside: plan.aside,
      serialsTaken: carried.serials.length,
      revocations: carried.revocations.length,
      forgotten: carried.forgotten,
    };
    const { actor } = ctx;
    const entry = { at: plan.at, actor, what: ZONE_RESTORED, operationId: null, details };
    const changes: Change[] = [
      ...(await roleChanges(store, plan)),
      ...(await homeChanges(store, plan)),
      { type: 'reserve-serials', serials: carried.serials },
      { type: 'put-revocations', revocations: carried.revocations },
      await revokedState(store, carried.revocations),
      { type: 'put-crl-issuers', issuers: carried.issuers },
      { type: 'put-backup', backup: await restoredFrom(store, plan) },
    ];
    // Its copies were in homes of the zone of then: here is one key, with the chosen server.
    if ((await store.caMove()) !== undefined) changes.push({ type: 'remove-ca-move' });
    await store.commit(entry, changes);
    await requireSound(store);
    return carried.forgotten;
  } finally {
    store.close();
  }
}

/** As `ca revoke` records it: a server's certificate keeps its state. */
async function revokedState(store: ZoneStore, revocations: readonly Revocation[]): Promise<Change> {
  const fingerprints: Fingerprint[] = [];
  for (const { fingerprint } of revocations) {
    const record = await store.certificate(fingerprint);
    if (record !== undefined && record.purpose !== 'server') fingerprints.push(fingerprint);
  }
  return { type: 'set-certificate-state', fingerprints, state: 'revoked' };
}

async function requireSound(store: ZoneStore): Promise<void> {
  const [damage] = await store.damage();
  if (damage === undefined) return;
  throw new ZmintError('damaged', `the restored database is damaged: ${damage}`, {
    hint: 'look for disk errors: dmesg',
  });
}

/** The keys lie with the chosen server, so every generation, what is awaited and the zone name it. */
async function roleChanges(store: ZoneStore, { server }: RestorePlan): Promise<readonly Change[]> {
  if (server === null) return [];
  const zone = await store.zone();
  const awaited = awaitedAuthority(await store.authorityRequests());
  const authorities = await store.authorities();
  const pending = await store.operations(PENDING_PHASES);
  return [
    ...(zone.caMemberId === null
      ? []
      : [{ type: 'put-zone', zone: { ...zone, caMemberId: server.id } } as const]),
    ...(awaited === undefined
      ? []
      : [
          {
            type: 'put-authority-request',
            request: { ...awaited, keyMemberId: server.id },
          } as const,
        ]),
    ...authorities
      .filter(({ keyMemberId }) => keyMemberId !== null)
      .map((authority): Change => ({
        type: 'put-authority',
        authority: { ...authority, keyMemberId: server.id },
      })),
    ...pending.flatMap((operation): readonly Change[] => {
      const planned = operation.plannedAuthority;
      if (planned?.origin === undefined || planned.origin.kind === 'external') return [];
      const origin = { ...planned.origin, keyMemberId: server.id };
      const plannedAuthority = { ...planned, origin };
      return [{ type: 'put-operation', operation: { ...operation, plannedAuthority } }];
    }),
  ];
}

async function homeChanges(
  store: ZoneStore,
  { manifest, request }: RestorePlan,
): Promise<readonly Change[]> {
  const members = (await store.members()).flatMap((member) => {
    if (member.home === null) return [];
    const home = rebaseHome(member.home, manifest.zoneHome, request.zoneHome);
    return home === member.home ? [] : [{ ...member, home }];
  });
  return members.length === 0 ? [] : [{ type: 'put-members', members }];
}

/** What the zone was restored from is a verified backup of it. */
async function restoredFrom(
  store: ZoneStore,
  { manifest, sha256, request, at }: RestorePlan,
): Promise<VerifiedBackup> {
  return {
    sha256,
    path: request.path,
    headSequence: manifest.head.sequence,
    headHash: manifest.head.hash,
    generation: newestKey(await store.authorities(), await store.authorityRequests()) ?? 0,
    madeAt: manifest.madeAt,
    verifiedAt: at,
  };
}
