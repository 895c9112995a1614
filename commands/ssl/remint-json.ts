import { renderInstant, type RemintPlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { activationJson, instantJson } from './operation-json.js';

type Planned = RemintPlan['servers']['shown'][number];
type PlannedCa = NonNullable<RemintPlan['authority']>;

/** A remint plan as `--dry-run --json` prints it. */
export function remintPlanJson(plan: RemintPlan): JsonDocument {
  return {
    kind: plan.kind,
    basis: plan.basis,
    at: renderInstant(plan.at),
    authority: plan.authority === null ? null : authorityJson(plan.authority),
    servers: plan.servers.shown.map(serverJson),
    devices: plan.devices.shown,
    totals: totalsJson(plan),
    activation: activationJson(plan.activation),
    immediate: plan.immediate,
    deadline: instantJson(plan.deadline),
    policy: plan.policy,
    updateName: plan.updateName,
    compromised: plan.compromised,
    backup: plan.backup ?? null,
    warnings: plan.warnings.shown,
    breaks: plan.breaks.shown,
  };
}

/** How long the lists are: each names its first thousand at most. */
function totalsJson({ servers, devices, warnings, breaks }: RemintPlan): JsonDocument {
  return {
    servers: servers.total,
    devices: devices.total,
    warnings: warnings.total,
    breaks: breaks.total,
  };
}

function authorityJson(authority: PlannedCa): JsonDocument {
  return { ...authority, validity: validityJson(authority.validity) };
}

function serverJson(server: Planned): JsonDocument {
  const { memberId, ...rest } = server;
  return {
    id: memberId,
    ...rest,
    validity: validityJson(server.validity),
    replacedEnds: instantJson(server.replacedEnds),
  };
}

function validityJson(validity: Planned['validity']): JsonDocument {
  return {
    notBefore: renderInstant(validity.notBefore),
    notAfter: renderInstant(validity.notAfter),
  };
}
