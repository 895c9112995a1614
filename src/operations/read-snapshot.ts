import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import type { OperationPhase } from '../zone/operation-terms.js';
import { inOrder } from '../zone/part-order.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';

/** The phases in which an operation still has something to do or to wait for. */
export const PENDING_PHASES: readonly OperationPhase[] = [
  'preparing',
  'prepared',
  'staging',
  'armed',
  'activating',
  'active',
  'retiring',
  'cancelling',
];

/** Reads everything that decisions are made from. Throws what `ZoneReader` throws. */
export async function readSnapshot(ctx: ReadContext, now: Instant): Promise<ZoneSnapshot> {
  const { store } = ctx;
  const zone = await store.zone();
  const pending = await store.operations(PENDING_PHASES);
  const members = await store.members();
  const parts = new Map<string, readonly OperationMember[]>();
  for (const { id } of pending) parts.set(id, inOrder(await store.operationMembers(id), members));
  const [newest] = (await store.lastEvents(1)).slice(-1);
  return {
    zone,
    members,
    authorities: await store.authorities(),
    authorityCertificates: [
      ...(await store.certificates({ purpose: 'ca' })),
      ...(await store.certificates({ purpose: 'cross' })),
    ],
    current: byMember(await store.certificates({ purpose: 'server', states: ['current'] })),
    future: byMember(await store.certificates({ purpose: 'server', states: ['future'] })),
    sets: groupSets(await store.sets()),
    pending,
    parts,
    sequence: newest?.sequence ?? 0,
    now,
  };
}

/** Certificates by the member that serves them. */
export function byMember(
  records: readonly CertificateRecord[],
): ReadonlyMap<string, CertificateRecord> {
  return new Map(
    records.flatMap((record) => (record.memberId === null ? [] : [[record.memberId, record]])),
  );
}

/** Sets by member, each in the order given. */
export function groupSets(sets: readonly MemberSet[]): ReadonlyMap<string, readonly MemberSet[]> {
  const groups = new Map<string, MemberSet[]>();
  for (const set of sets) {
    const group = groups.get(set.memberId);
    if (group === undefined) groups.set(set.memberId, [set]);
    else group.push(set);
  }
  return groups;
}
