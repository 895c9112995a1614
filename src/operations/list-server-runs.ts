import type { GlanceContext } from '../ports/context.js';
import type { ShortLines, ShortRun } from '../ports/server-lines.js';
import { certificateLife, type CertificateLife } from '../zone/certificate-life.js';
import type { Instant } from '../zone/instant.js';
import { PENDING_PHASES } from './read-snapshot.js';

/** Servers one after another in a list that differ in name and fingerprint alone. */
export interface ServerRun extends ShortRun {
  readonly status: CertificateLife | 'no-certificate';
}

/**
 * Whether each server's certificate in use alone says how it stands: no operation runs, nobody waits
 * for an answer to a request, and none in use is revoked.
 */
export async function areServersAtRest({ store }: GlanceContext): Promise<boolean> {
  if ((await store.operations(PENDING_PHASES)).length > 0) return false;
  return !(await store.hasOpenRequests()) && (await store.revokedInUse(1)).length === 0;
}

/**
 * All servers of a zone at rest by path, some hundred at a time: the same as `listServerLines`, in a
 * form that costs next to nothing for each. Throws what `ZoneReader` throws.
 */
export async function* listServerRuns(
  { store }: GlanceContext,
  now: Instant,
): AsyncGenerator<readonly ServerRun[], void> {
  for (let after: string | null = null; ;) {
    const page: ShortLines = await store.shortLinesAfter(after);
    yield page.runs.map((run) => ({ ...run, status: statusOf(run, now) }));
    if (page.last === null) return;
    after = page.last;
  }
}

function statusOf({ life }: ShortRun, now: Instant): ServerRun['status'] {
  return life === null ? 'no-certificate' : certificateLife(life, now);
}
