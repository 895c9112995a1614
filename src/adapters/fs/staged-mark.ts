import { canonicalJson } from '../../zone/audit-event.js';
import type { Staged } from '../../ports/zone-places.js';

/** The file in a staged zone home that says that it is whole. */
export const STAGED_MARK = 'restore.json';

const SCHEMA = 'zmint.restore/1';

/** The content of the mark. */
export function renderStaged(staged: Staged): Uint8Array {
  return Buffer.from(`${canonicalJson({ schema: SCHEMA, ...staged })}\n`);
}

/** The opposite; undefined for anything else, which then counts as no mark. */
export function parseStaged(bytes: Uint8Array): Staged | undefined {
  try {
    const { sha256, server, aside } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Staged;
    const staged = { sha256, server, aside };
    return Buffer.compare(renderStaged(staged), bytes) === 0 ? staged : undefined;
  } catch {
    // Only bytes that `renderStaged` made are a mark.
    return undefined;
  }
}
