import { daysLeft, renderDaysLeft } from './certificate-life.js';
import type { Standing } from './decide-standing.js';
import { DAY, MINUTE, type Instant, type Seconds } from './instant.js';
import { TAKE_AUTHORITY } from './no-active-authority.js';

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
  readonly ends: Instant;
}

/** The servers as far as their health goes. */
export interface ServersHealth {
  /**
   * Those whose certificates end first, by their ends: `NAMED_SERVERS` and one more, or all; one is
   * enough when it has more than `warn` days left.
   */
  readonly soonest: readonly ServerHealth[];
  /** How many have `warn` days left or fewer, also over. */
  readonly near: number;
  /** Names of those without a certificate. */
  readonly without: readonly string[];
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
  /** The first CA waits for its certificate. */
  readonly awaitsAuthority?: boolean;
  readonly servers: ServersHealth;
  readonly operations: readonly OperationHealth[];
}

/** The cron job that runs `ssl resume` is given so long; also a command that is at it just now. */
const PATIENCE: Seconds = 15 * MINUTE;
/** So many names are told, then the number of the others. */
export const NAMED_SERVERS = 5;

/** The instant before which a certificate ends that has so many whole days left, or fewer. */
export function endOfDays(now: Instant, days: number): Instant {
  return now + (days + 1) * DAY;
}

/** All findings, critical ones first; empty when all is well. */
export function judgeZone(question: HealthQuestion): readonly HealthFinding[] {
  return worstFirst([
    ...authorityFindings(question),
    ...serverFindings(question),
    ...question.operations.flatMap((operation) => operationFindings(operation, question.now)),
  ]);
}

/** Critical findings before the others, else in their order. */
export function worstFirst(findings: readonly HealthFinding[]): readonly HealthFinding[] {
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
  if (authorityEnds === null && question.awaitsAuthority === true)
    return [warning(`the zone CA waits for its certificate: ${TAKE_AUTHORITY}`)];
  if (authorityEnds === null || state === undefined) return [];
  const verb = now > authorityEnds ? 'expired' : 'expires';
  return [{ state, message: `the zone CA ${verb} ${renderDaysLeft(authorityEnds, now)}` }];
}

function serverFindings(question: HealthQuestion): readonly HealthFinding[] {
  const { servers, now } = question;
  const near = servers.soonest.flatMap((server) => {
    const state = stateOf(question, server.ends);
    return state === undefined ? [] : [{ ...server, state }];
  });
  const told = near.slice(0, NAMED_SERVERS).map(({ name, ends, state }) => {
    const verb = now > ends ? 'expired' : 'expires';
    return { state, message: `${name} ${verb} ${renderDaysLeft(ends, now)}` };
  });
  const worst = near[NAMED_SERVERS];
  const more: readonly HealthFinding[] =
    worst === undefined
      ? []
      : [
          {
            state: worst.state,
            message: `${servers.near - NAMED_SERVERS} more servers expire soon or have expired`,
          },
        ];
  const { without } = servers;
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
  const more = names.length > NAMED_SERVERS ? ` and ${names.length - NAMED_SERVERS} more` : '';
  return `${names.slice(0, NAMED_SERVERS).join(', ')}${more}`;
}

function count(members: number): string {
  return members === 1 ? '1 member' : `${members} members`;
}
