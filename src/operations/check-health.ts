import type { GlanceContext } from '../ports/context.js';
import { daysLeft } from '../zone/certificate-life.js';
import type { Instant } from '../zone/instant.js';
import {
  endOfDays,
  judgeZone,
  NAMED_SERVERS,
  worstFirst,
  worstHealth,
  type HealthFinding,
  type HealthState,
  type OperationHealth,
  type ServerHealth,
} from '../zone/judge-zone.js';
import { judgeCrls } from '../zone/judge-crls.js';
import { findAwaitedAuthority } from './find-awaited-authority.js';
import type { OperationStatus } from './operation-status.js';
import { readCrlStanding } from './read-crl-standing.js';
import { runningOperations } from './running-operations.js';

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
  ctx: GlanceContext,
  limits: HealthLimits,
  now: Instant,
): Promise<Health> {
  const statuses = await runningOperations(ctx, now, 'counted');
  const authorities = await ctx.store.authorities();
  const active = authorities.find(({ state }) => state === 'active');
  const root = active === undefined ? undefined : await ctx.store.certificate(active.certificate);
  const { servers } = await ctx.counts.members();
  const lives = await ctx.counts.lives(now, now);
  const soonest = await soonestServers(ctx, endOfDays(now, limits.warn));
  const found = judgeZone({
    now,
    ...limits,
    authorityEnds: root?.notAfter ?? null,
    awaitsAuthority: active === undefined && (await findAwaitedAuthority(ctx.store)) !== null,
    servers: {
      soonest,
      near: await ctx.counts.endingBefore(endOfDays(now, limits.warn)),
      without: lives.current === servers ? [] : await ctx.counts.without('current'),
    },
    operations: statuses.map(operationHealth),
  });
  const crls = judgeCrls(await readCrlStanding(ctx, now), now);
  const findings = worstFirst([
    ...found,
    ...crls.map(({ state, message }) => ({ state, message })),
  ]);
  const [nearest] = soonest;
  return {
    zone: (await ctx.store.zone()).name,
    state: worstHealth(findings),
    findings,
    limits,
    authorityDays: root === undefined ? null : daysLeft(root.notAfter, now),
    serverDays: nearest === undefined ? null : daysLeft(nearest.ends, now),
    servers,
    expired: lives.expired,
    operations: statuses.length,
  };
}

/** The server that ends first; when that is near its end, as many as are named and one more. */
async function soonestServers(
  ctx: GlanceContext,
  nearEnd: Instant,
): Promise<readonly ServerHealth[]> {
  const [first] = await ctx.counts.soonest(1);
  if (first === undefined) return [];
  const near = first.certificate.notAfter < nearEnd;
  const servers = near ? await ctx.counts.soonest(NAMED_SERVERS + 1) : [first];
  return servers.map(({ member, certificate }) => ({
    name: member.name,
    ends: certificate.notAfter,
  }));
}

function operationHealth(status: OperationStatus): OperationHealth {
  const { standing, gate, problems } = status;
  const { activation, id, startedAt } = status.operation;
  return {
    id,
    standing,
    failed: problems.map(({ member }) => member),
    missing: gate.totals.missing,
    instant: activation.when === 'at' ? activation.instant : null,
    startedAt,
  };
}
