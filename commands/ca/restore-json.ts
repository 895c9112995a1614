import { renderInstant, type RestorePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** A restore that is planned, for scripts. */
export function restorePlanJson(plan: RestorePlan): JsonDocument {
  const { manifest, sha256, server, place, present, aside, inToken, outside, request } = plan;
  return {
    zone: { id: manifest.zoneId, name: manifest.zoneName, custody: manifest.custody },
    zoneHome: request.zoneHome,
    path: request.path,
    sha256,
    madeAt: renderInstant(manifest.madeAt),
    server: server?.name ?? null,
    generations: manifest.keys.map(({ generation }) => generation),
    inToken,
    place,
    lineage: present.lineage,
    aside,
    outside,
  };
}
