import type { SetPlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { memberJson } from './member-json.js';

const LABELS: Readonly<Record<string, string>> = {
  path: 'Path',
  kind: 'Kind',
  roles: 'Roles',
  dnsName: 'DNS name',
  additionalDnsNames: 'Additional DNS names',
  ipAddresses: 'IP addresses',
  home: 'Home',
  reload: 'Reload',
  probe: 'Probe',
  version: 'Version',
};

/** What is about to change: old and new values. */
export function renderSetPlan(plan: SetPlan, width: number): string {
  return `Plan: change ${plan.after.name}\n\n${renderChanges(plan, width)}`;
}

/** Old and new values of the fields that change. */
export function renderChanges(plan: SetPlan, width: number): string {
  const before = memberJson(plan.before);
  const after = memberJson(plan.after);
  return wrapFields(
    plan.fields.map((field) => [
      LABELS[field] ?? field,
      `${shown(before[field])} → ${shown(after[field])}`,
    ]),
    width,
  );
}

/** The same for scripts. */
export function changesJson(plan: SetPlan): JsonDocument {
  const before = memberJson(plan.before);
  const after = memberJson(plan.after);
  return {
    member: after,
    changed: Object.fromEntries(
      plan.fields.map((field) => [field, { from: before[field], to: after[field] }]),
    ),
  };
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'string' && value !== '' ? value : 'none';
}
