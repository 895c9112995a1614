import type { Health } from '../src/index.js';
import { escapeText } from './cli/escape-text.js';
import type { JsonDocument } from './cli/command.js';

/** The exit statuses of a monitoring plugin (Monitoring Plugins Development Guidelines). */
export const PLUGIN_STATUSES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

const MOST_FINDINGS = 10;

/** The one line of a monitoring plugin: state, text, and figures behind a bar. */
export function renderHealth(health: Health): string {
  const { findings, state } = health;
  const told = findings.slice(0, MOST_FINDINGS).map(({ message }) => message);
  const more = findings.length - told.length;
  const text =
    told.length === 0
      ? wellWords(health)
      : [...told, ...(more > 0 ? [`${more} more`] : [])].join('; ');
  return `${state.toUpperCase()} - ${plain(text)}|${figures(health)}`;
}

/** The line when nothing can be told. */
export function renderUnknown(message: string): string {
  return `UNKNOWN - ${plain(message)}`;
}

/** The same for machines. */
export function healthJson(health: Health): JsonDocument {
  return {
    state: health.state,
    zone: health.zone,
    findings: health.findings,
    warnDays: health.limits.warn,
    critDays: health.limits.crit,
    caDaysLeft: health.authorityDays,
    serverDaysLeft: health.serverDays,
    servers: health.servers,
    expired: health.expired,
    operations: health.operations,
  };
}

function wellWords(health: Health): string {
  const ca = health.authorityDays === null ? [] : [`zone CA ${health.authorityDays} days left`];
  const first = health.serverDays === null ? [] : [`first server ${health.serverDays} days left`];
  return [`${health.zone}: ${health.servers} servers`, ...ca, ...first].join(', ');
}

function figures(health: Health): string {
  const { warn, crit } = health.limits;
  const days = (label: string, value: number | null): readonly string[] =>
    value === null ? [] : [`${label}=${value};${warn + 1}:;${crit + 1}:`];
  return [
    ...days('ca_days', health.authorityDays),
    ...days('server_days', health.serverDays),
    `servers=${health.servers}`,
    `expired=${health.expired}`,
    `operations=${health.operations}`,
  ].join(' ');
}

/** A bar would begin the figures. */
function plain(text: string): string {
  return escapeText(text).replaceAll('|', '/');
}
