import type { ZoneReader, ZoneStore } from '../../src/ports/zone-store.js';

/** A store of a zone home in which nothing was recorded yet, and another look at the same zone. */
export interface ZoneStoreSubject {
  readonly store: ZoneStore;
  readonly reader: () => Promise<ZoneReader>;
}

/** Everything that a reader tells of the zone that the samples make. */
export async function readAll(reader: ZoneReader): Promise<Readonly<Record<string, unknown>>> {
  const certificates = await reader.certificates({});
  const operations = await reader.operations();
  return {
    zone: await reader.zone(),
    members: await reader.members(),
    authorities: await reader.authorities(),
    certificates,
    ders: await reader.der(certificates.map((one) => one.fingerprint)),
    sets: await reader.sets(),
    operations,
    parts: await Promise.all(operations.map((one) => reader.operationMembers(one.id))),
    anchors: await reader.anchors(),
    requests: await reader.requests(),
    lastBackup: await reader.lastBackup(),
    caMove: await reader.caMove(),
    administrators: await reader.administrators(),
    events: await reader.events(0, 1000),
  };
}
