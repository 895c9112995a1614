import { authorityRenewal } from './authority-renewal.js';
import { daysLeft } from './certificate-life.js';
import type { Standing } from './decide-standing.js';
import { DAILY_WARNING_DAYS } from './expiry-warning.js';
import type { Instant } from './instant.js';
import { TAKE_AUTHORITY } from './no-active-authority.js';

/** The one command to type now, and why. */
export interface NextStep {
  readonly command: string;
  readonly reason: string;
}

/** An operation that runs, as far as the next step goes. */
export interface RunningOperation {
  readonly id: string;
  readonly standing: Standing;
  readonly missing: number;
  /** Names of members that have a problem. */
  readonly failed: readonly string[];
}

/** What the next step is decided from. */
export interface NextStepQuestion {
  readonly now: Instant;
  /** Null: the zone has no CA of its own. */
  readonly authorityEnds: Instant | null;
  /** What gives the zone its next CA; `zmint ssl remint --ca` when it is not said. */
  readonly renewal?: string;
  /** A CA waits for its certificate from a CA above it; the only one when `authorityEnds` is null. */
  readonly awaitsAuthority?: boolean;
  readonly operations: readonly RunningOperation[];
  /** Members whose first set is not live yet. */
  readonly unfinished: number;
  /** Members whose `live` is not what is recorded. */
  readonly differing: number;
  readonly expired: number;
  /** Servers whose certificate ends within 30 days. */
  readonly ending: number;
  /** Names of servers without a certificate. */
  readonly without: readonly string[];
}

/** Undefined: there is nothing to do, or only to wait. The most urgent thing comes first. */
export function decideNextStep(question: NextStepQuestion): NextStep | undefined {
  const { operations } = question;
  const resting = operations.filter(({ standing }) => standing === 'waits-for-retire');
  return (
    urgentStep(question) ??
    firstStep(operations.filter((one) => !resting.includes(one))) ??
    repairStep(question) ??
    expiredStep(question) ??
    firstStep(resting) ??
    expiryStep(question) ??
    (question.awaitsAuthority === true ? AWAITED : undefined)
  );
}

const AWAITED: NextStep = {
  command: TAKE_AUTHORITY,
  reason: 'a CA waits for its certificate from the CA above it',
};

function firstStep(operations: readonly RunningOperation[]): NextStep | undefined {
  return operations.map(operationStep).find((step) => step !== undefined);
}

function urgentStep(question: NextStepQuestion): NextStep | undefined {
  const { operations, authorityEnds, now } = question;
  const stopped = operations.find(({ standing }) => standing === 'interrupted');
  if (stopped !== undefined)
    return { command: 'zmint ssl resume', reason: `${stopped.id} has not come to a rest` };
  if (question.unfinished > 0)
    return { command: 'zmint ssl resume', reason: 'a server was not added to its end' };
  if (question.awaitsAuthority === true && authorityEnds === null) return AWAITED;
  const over = authorityEnds !== null && now > authorityEnds;
  if (over && operations.length === 0)
    return { command: renewalOf(question), reason: 'the zone CA has expired' };
  return undefined;
}

function renewalOf({ renewal }: NextStepQuestion): string {
  return renewal ?? authorityRenewal(undefined);
}

function operationStep(operation: RunningOperation): NextStep | undefined {
  const { id, standing } = operation;
  switch (standing) {
    case 'waits-for-gate':
      return { command: 'zmint update readiness', reason: `${id} waits for members` };
    case 'waits-for-person':
      return { command: 'zmint ssl activate', reason: `${id} was rolled back and waits for you` };
    case 'due':
      return { command: 'zmint ssl resume', reason: `${id} can be activated` };
    case 'switching':
      return switchingStep(operation);
    case 'waits-for-instant':
      return retryStep(operation);
    case 'waits-for-retire':
      return retireStep(operation);
    case 'interrupted':
    case 'ended':
      return undefined;
  }
}

function switchingStep({ id, failed: [first] }: RunningOperation): NextStep {
  return first === undefined
    ? { command: 'zmint ssl resume', reason: `${id} has servers left to switch` }
    : { command: `zmint ssl verify ${first}`, reason: `${id} could not switch ${first}` };
}

function retryStep({ id, failed: [first] }: RunningOperation): NextStep | undefined {
  if (first === undefined) return undefined;
  return { command: 'zmint ssl resume', reason: `${id} failed on ${first}: try it again` };
}

function retireStep({ missing }: RunningOperation): NextStep {
  return missing > 0
    ? { command: 'zmint update readiness', reason: 'members have not proved the new trust' }
    : { command: 'zmint ssl retire', reason: 'all members trust the new CA' };
}

function repairStep(question: NextStepQuestion): NextStep | undefined {
  if (question.differing === 0) return undefined;
  return { command: 'zmint doctor', reason: 'what lies on disk is not what is recorded' };
}

function expiredStep({ expired }: NextStepQuestion): NextStep | undefined {
  if (expired === 0) return undefined;
  return { command: 'zmint ssl remint --due 30d', reason: 'server certificates have expired' };
}

function expiryStep(question: NextStepQuestion): NextStep | undefined {
  const { authorityEnds, now, ending, without } = question;
  if (authorityEnds !== null && question.operations.length === 0) {
    const soon = daysLeft(authorityEnds, now) <= DAILY_WARNING_DAYS;
    if (soon) return { command: renewalOf(question), reason: 'the zone CA is about to expire' };
  }
  if (ending > 0)
    return {
      command: 'zmint ssl remint --due 30d',
      reason: 'server certificates end within 30 days',
    };
  const [first] = without;
  if (first === undefined) return undefined;
  return { command: `zmint ssl remint ${first}`, reason: `${first} has no certificate yet` };
}
