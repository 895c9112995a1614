import { renderInstant, type AnchorRow, type TrustAnchor } from '../../src/index.js';
import { certificateJson } from '../certificate-json.js';
import type { JsonDocument } from '../cli/command.js';

/** A recorded root, without what its certificate says. */
export function anchorJson({ alias, certificate, source, since }: TrustAnchor): JsonDocument {
  return { alias, sha256: certificate, source, since: renderInstant(since) };
}

/** A root in a list. */
export function anchorRowJson(row: AnchorRow): JsonDocument {
  return {
    alias: row.anchor?.alias ?? null,
    source: row.anchor?.source ?? null,
    since: row.anchor === null ? null : renderInstant(row.anchor.since),
    status: row.life,
    holding: row.holding,
    members: row.members,
    held: row.held,
    certificate: certificateJson(row.certificate),
  };
}
