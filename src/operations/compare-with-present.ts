import { ZmintError } from '../errors.js';
import type { CustodyContext } from '../ports/context.js';
import type { PlaceKind } from '../ports/zone-places.js';
import type { ZoneReader } from '../ports/zone-store.js';
import { judgeLineage, type Lineage, type PresentZone } from '../zone/decide-restore.js';
import type { ProvedBackup } from './prove-backup.js';

/** The zone that is there, against a backup. */
export interface Comparison {
  readonly lineage: Lineage;
  /** The newest event of the zone that is there; 0 when there is none or it cannot be read. */
  readonly sequence: number;
}

/** Where a backup is to be restored to, and who gets the CA role there. */
export interface RestorePlace {
  readonly zoneHome: string;
  readonly place: PlaceKind;
  /** Its name; null: nobody. */
  readonly server: string | null;
}

/** So many events behind the backup's head are enough to see whether anything has happened. */
const EVENTS = 100;
const UNREADABLE = new Set(['damaged', 'no-zone']);

/** Compares the audit logs. Throws what `judgeLineage` throws. */
export async function compareWithPresent(
  ctx: CustodyContext,
  proved: ProvedBackup,
  { zoneHome, place, server }: RestorePlace,
): Promise<Comparison> {
  if (place !== 'zone') return { lineage: 'no-zone', sequence: 0 };
  const { zoneId, head } = proved.manifest;
  const present = await findPresent(ctx, zoneHome, (reader) =>
    presentZone(reader, proved.reader, head.sequence),
  );
  if (present === undefined) return { lineage: 'unknown', sequence: 0 };
  const lineage = judgeLineage(present, { zoneId, head, server, sha256: proved.sha256 });
  return { lineage, sequence: present.head.sequence };
}

/** Whether a zone, or what is asked for in it, is damaged or not there. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof ZmintError && UNREADABLE.has(error.code);
}

/** Undefined for a zone that cannot be read: its rescue must not hang on it. */
async function findPresent(
  ctx: CustodyContext,
  zoneHome: string,
  read: (reader: ZoneReader) => Promise<PresentZone>,
): Promise<PresentZone | undefined> {
  try {
    const reader = await ctx.images.openReader(zoneHome);
    try {
      return await read(reader);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

async function presentZone(
  present: ZoneReader,
  backup: ZoneReader,
  sequence: number,
): Promise<PresentZone> {
  const { id } = await present.zone();
  const [newest] = await present.lastEvents(1);
  const head = newest ?? { sequence: 0, hash: '' };
  const [atBackup] = await present.events(sequence - 1, 1);
  const [inBackup] = await backup.events(head.sequence - 1, 1);
  return { id, head, atBackup, inBackup, after: await present.events(sequence, EVENTS) };
}
