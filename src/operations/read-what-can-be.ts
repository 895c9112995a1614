import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { OperationMember } from '../zone/operation.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import type { Zone } from '../zone/zone.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { byMember, groupSets, PENDING_PHASES } from './read-snapshot.js';

/** The tables of the database that may be damaged one by one. */
export type Part =
  | 'zone'
  | 'members'
  | 'authorities'
  | 'certificates'
  | 'sets'
  | 'operations'
  | 'anchors'
  | 'events';

/** As much of a zone as can be read, and why the rest cannot. */
export interface ReadableZone {
  /** Lists that cannot be read are empty in it. */
  readonly snapshot: ZoneSnapshot;
  readonly anchors: readonly TrustAnchor[];
  readonly failures: ReadonlyMap<Part, ZmintError>;
}

const NO_ZONE: Zone = {
  id: '',
  name: '',
  createdAt: 0,
  custody: 'passphrase',
  keySpec: 'ec:P-256',
  caMemberId: null,
};

/** Reads a zone that may be damaged: each part by itself. Throws only what is no ZmintError. */
export async function readWhatCanBe(ctx: ReadContext, now: Instant): Promise<ReadableZone> {
  const { store } = ctx;
  const failures = new Map<Part, ZmintError>();
  const read = async <T>(part: Part, instead: T, reading: () => Promise<T>): Promise<T> => {
    try {
      return await reading();
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
      failures.set(part, error);
      return instead;
    }
  };
  const records = (purpose: CertificateRecord['purpose']): Promise<readonly CertificateRecord[]> =>
    read('certificates', [], () => store.certificates({ purpose }));
  const zone = await read('zone', NO_ZONE, () => store.zone());
  const pending = await read('operations', [], () => store.operations(PENDING_PHASES));
  const parts = new Map<string, readonly OperationMember[]>();
  for (const { id } of pending)
    parts.set(id, await read('operations', [], () => store.operationMembers(id)));
  const certificates = [...(await records('ca')), ...(await records('cross'))];
  const ofServers = await records('server');
  const newest = await read('events', [], () => store.lastEvents(1));
  return {
    anchors: await read('anchors', [], () => store.anchors()),
    failures,
    snapshot: {
      zone,
      members: await read('members', [], () => store.members()),
      authorities: await read('authorities', [], () => store.authorities()),
      authorityRequests: await read('authorities', [], () => store.authorityRequests()),
      authorityCertificates: certificates,
      current: byMember(ofServers.filter(({ state }) => state === 'current')),
      future: byMember(ofServers.filter(({ state }) => state === 'future')),
      sets: groupSets(await read('sets', [], () => store.sets())),
      pending,
      parts,
      sequence: newest.at(-1)?.sequence ?? 0,
      now,
    },
  };
}
