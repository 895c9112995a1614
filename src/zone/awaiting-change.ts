import type { Operation } from './operation.js';
import { caOperation, type ZoneSnapshot } from './zone-snapshot.js';

/** The change to an external CA for which certificates are imported now; null: there is none. */
export function awaitingChange(snapshot: ZoneSnapshot): Operation | null {
  const running = caOperation(snapshot);
  if (running?.plannedAuthority?.origin?.kind !== 'external') return null;
  return PHASES.includes(running.phase) ? running : null;
}

const PHASES: readonly Operation['phase'][] = ['prepared', 'staging', 'armed', 'activating'];
