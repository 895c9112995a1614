import { daysLeft, renderDaysLeft } from './certificate-life.js';
import type { Standing } from './decide-standing.js';
import { MINUTE, type Instant, type Seconds } from './instant.js';

/** The states of a monitoring plugin, by rising badness. */
export type HealthState = 'ok' | 'warning' | 'critical';

/** One thing that is not as it should be. */
export interface HealthFinding {
  readonly state: Exclude<HealthState, 'ok'>;
  readonly message: string;
}

/** A server as far as its health goes. */
export interface ServerHealth {
  readonly name: string;
  /** Null: it has no certificate. */
  readonly ends: Instant | null;
}

/** An operation that runs, as far as its health goes. */
export interface OperationHealth {
  readonly id: string;
  readonly standing: Standing;
  /** Names of members that have a problem. */
  readonly failed: readonly string[];
  /** Members that the gate waits for. */
  readonly missing: number;
  /** When it was to be activated; null: no instant was set. */
  readonly instant: Instant | null;
  readonly startedAt: Instant;
}

/** The zone as far as its health goes; thresholds in days left. */
export interface HealthQuestion {
  readonly now: Instant;
  readonly warn: number;
  readonly crit: number;
  readonly authorityEnds: Instant | null;
  readonly servers: readonly ServerHealth[];
  readonly operations: readonly OperationHealth[];
}

/** The cron job that runs `ssl resume` is given so long; also a command that is at it just now. */
const PATIENCE: Seconds = 15 * MINUTE;
const NAMED = 5;

/** All findings, critical ones first; empty when all is well. */
export function judgeZone(question: HealthQuestion): readonly HealthFinding[] {
  const findings = [
    ...authorityFindings(question),
    ...serverFindings(question),
    ...question.operations.flatMap((operation) => operationFindings(operation, question.now)),
  ];
  const critical = findings.filter(({ state }) => state === 'critical');
  return [...critical, ...findings.filter(({ state }) => state === 'warning')];
}

/** The worst state among the findings. */
export function worstHealth(findings: readonly HealthFinding[]): HealthState {
  if (findings.some(({ state }) => state === 'critical')) return 'critical';
  return findings.length > 0 ? 'warning' : 'ok';
}

function authorityFindings(question: HealthQuestion): readonly HealthFinding[] {
  const { authorityEnds, now } = question;
  const state = authorityEnds === null ? undefined : stateOf(question, authorityEnds);
  if (authorityEnds === null || state === undefined) return [];
  const verb = now > authorityEnds ? 'expired' : 'expires';
  return [{ state, message: `the zone CA ${verb} ${renderDaysLeft(authorityEnds, now)}` }];
}

function serverFindings(question: HealthQuestion): readonly HealthFinding[] {
  const { servers, now } = question;
  const sorted = servers
    .flatMap(({ name, ends }) => (ends === null ? [] : [{ name, ends }]))
    .sort((a, b) => a.ends - b.ends);
  const near = sorted.flatMap((server) => {
    const state = stateOf(question, server.ends);
    return state === undefined ? [] : [{ ...server, state }];
  });
  const told = near.slice(0, NAMED).map(({ name, ends, state }) => {
    const verb = now > ends ? 'expired' : 'expires';
    return { state, message: `${name} ${verb} ${renderDaysLeft(ends, now)}` };
  });
  const rest = near.slice(NAMED);
  const [worst] = rest;
  const more: readonly HealthFinding[] =
    worst === undefined
      ? []
      : [
          {
            state: worst.state,
            message: `${rest.length} more servers expire soon or have expired`,
          },
        ];
  const without = servers.filter(({ ends }) => ends === null).map(({ name }) => name);
  return [
    ...told,
    ...more,
    ...(without.length === 0 ? [] : [warning(`no certificate: ${few(without)}`)]),
  ];
}

function operationFindings(operation: OperationHealth, now: Instant): readonly HealthFinding[] {
  const { id, failed, standing } = operation;
  const findings: HealthFinding[] = [];
  if (failed.length > 0) findings.push(warning(`${id} failed on ${few(failed)}`));
  const since = operation.instant ?? operation.startedAt;
  if (now - since < PATIENCE) return findings;
  if (standing === 'waits-for-gate' && operation.instant !== null)
    findings.push(warning(`${id} is past its instant and waits for ${count(operation.missing)}`));
  if (standing === 'due' || (standing === 'switching' && failed.length === 0))
    findings.push(warning(`${id} is past its instant: nobody runs zmint ssl resume`));
  if (standing === 'interrupted') findings.push(warning(`${id} was interrupted`));
  return findings;
}

function stateOf(question: HealthQuestion, ends: Instant): 'warning' | 'critical' | undefined {
  const days = daysLeft(ends, question.now);
  if (days < 0 || days <= question.crit) return 'critical';
  return days <= question.warn ? 'warning' : undefined;
}

function warning(message: string): HealthFinding {
  return { state: 'warning', message };
}

function few(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

function count(members: number): string {
  return members === 1 ? '1 member' : `${members} members`;
}
