import type { ReadContext } from '../ports/context.js';
import { daysLeft } from '../zone/certificate-life.js';
import type { Instant } from '../zone/instant.js';
import {
  judgeZone,
  worstHealth,
  type HealthFinding,
  type HealthState,
} from '../zone/judge-zone.js';
import { activeAuthority, authorityCertificate, servers } from '../zone/zone-snapshot.js';
import { readSnapshot } from './read-snapshot.js';
import { operationStatus } from './zone-status.js';

/** Thresholds in whole days left. */
export interface HealthLimits {
  readonly warn: number;
  readonly crit: number;
}

/** What monitoring wants to know of a zone. */
export interface Health {
  readonly zone: string;
  readonly state: HealthState;
  readonly findings: readonly HealthFinding[];
  readonly limits: HealthLimits;
  /** Null: no internal CA, no server with a certificate. */
  readonly authorityDays: number | null;
  readonly serverDays: number | null;
  readonly servers: number;
  readonly expired: number;
  readonly operations: number;
}

/** Judges the zone by its database alone: cheap enough for every minute. Throws what `ZoneReader` throws. */
export async function checkHealth(
  ctx: ReadContext,
  limits: HealthLimits,
  now: Instant,
): Promise<Health> {
  const snapshot = await readSnapshot(ctx, now);
  const active = activeAuthority(snapshot);
  const root = active === undefined ? undefined : authorityCertificate(snapshot, active);
  const each = servers(snapshot).map(({ id, name }) => ({
    name,
    ends: snapshot.current.get(id)?.notAfter ?? null,
  }));
  const ends = each.flatMap((server) => (server.ends === null ? [] : [server.ends]));
  const findings = judgeZone({
    now,
    ...limits,
    authorityEnds: root?.notAfter ?? null,
    servers: each,
    operations: snapshot.pending.map((operation) => {
      const { standing, gate, problems } = operationStatus(snapshot, operation);
      const { activation, id, startedAt } = operation;
      return {
        id,
        standing,
        failed: problems.map(({ member }) => member),
        missing: gate.missing.length,
        instant: activation.when === 'at' ? activation.instant : null,
        startedAt,
      };
    }),
  });
  return {
    zone: snapshot.zone.name,
    state: worstHealth(findings),
    findings,
    limits,
    authorityDays: root === undefined ? null : daysLeft(root.notAfter, now),
    serverDays:
      ends.length === 0
        ? null
        : ends.reduce((least, one) => Math.min(least, daysLeft(one, now)), Infinity),
    servers: each.length,
    expired: ends.filter((one) => one < now).length,
    operations: snapshot.pending.length,
  };
}
