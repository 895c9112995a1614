import { keepsTrust, type OperationPhase, type OperationReport } from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';

const MOST_NAMES = 5;

/** What there is to know and to type next, one line each, for standard error. */
export function nextSteps(report: OperationReport, zoneHome: string): readonly string[] {
  const steps = STEPS[report.operation.phase](report, zoneHome).map((line) => `next: ${line}`);
  return [...gateLines(report), ...kitLines(report), ...steps].map(escapeText);
}

type Steps = (report: OperationReport, zoneHome: string) => readonly string[];

const goOn: Steps = () => ['zmint ssl resume goes on'];
const status: Steps = () => ['zmint status'];

const STEPS: Readonly<Record<OperationPhase, Steps>> = {
  preparing: goOn,
  prepared: goOn,
  staging: goOn,
  armed: armedSteps,
  activating: activatingSteps,
  active: (report) => [
    'zmint ssl verify looks at every server from outside',
    ...wayBack(report),
    keepsTrust(report.operation.plannedAuthority?.origin)
      ? 'zmint ssl retire lets the old CA go'
      : 'zmint ssl retire takes the old root out once every member has moved',
  ],
  retiring: goOn,
  cancelling: goOn,
  done: (report, zoneHome) =>
    report.operation.kind === 'server-remint' ? wayBack(report) : status(report, zoneHome),
  cancelled: status,
};

function wayBack(report: OperationReport): readonly string[] {
  return report.wayBack ? ['zmint ssl rollback is the way back'] : [];
}

function armedSteps(report: OperationReport, zoneHome: string): readonly string[] {
  if (report.operation.activation.when === 'held') {
    return ['zmint ssl activate tries again', 'zmint ssl cancel gives it up'];
  }
  const own = awaits(report) ? [HAND_OUT] : [];
  return [
    ...own,
    `let cron call this, it activates when its time has come: * * * * * zmint ssl resume --quiet --zone ${shellWord(zoneHome)}`,
    'zmint status shows how far it is',
    report.operation.policy === 'gate'
      ? 'zmint ssl cancel gives it up'
      : 'zmint ssl activate --now does not wait, zmint ssl cancel gives it up',
  ];
}

const HAND_OUT =
  'have the requests signed (zmint generate-csr --waiting hands them out), then zmint ssl import FILE...';

/** Whether servers wait for what an external CA signs. */
function awaits({ operation, members }: OperationReport): boolean {
  if (operation.plannedAuthority?.origin?.kind !== 'external') return false;
  return members.shown.some(({ part }) => part.planned !== null && part.creation === null);
}

function activatingSteps(report: OperationReport): readonly string[] {
  return [
    goingOn(report),
    report.active > 0
      ? 'zmint ssl rollback takes back those that serve the new certificates'
      : 'zmint ssl cancel gives it up',
  ];
}

function goingOn({ failed, held, early }: OperationReport): string {
  const activate = early ? 'zmint ssl activate --now' : 'zmint ssl activate';
  if (failed.total > 0) return `mend what is listed, then ${activate} tries those again`;
  return held > 0
    ? `${activate} activates those that were rolled back`
    : 'the others follow at their instant; zmint ssl activate --now does not wait';
}

function gateLines({ gate, operation }: OperationReport): readonly string[] {
  const waits = operation.phase === 'armed' && operation.kind === 'ca-remint';
  if (!waits || gate.totals.missing === 0) return [];
  const shown = gate.missing.slice(0, MOST_NAMES).map((one) => `${one.member} ${one.reason}`);
  const more = gate.totals.missing - shown.length;
  return [
    `not ready: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    'next: zmint update readiness lists who is missing; zmint update ignore MEMBER goes on without one',
  ];
}

/** The kit matters only to members that zmint reaches by no folder. */
function kitLines(report: OperationReport): readonly string[] {
  const { kit, devices, operation } = report;
  const spreading = operation.phase !== 'cancelling' && operation.phase !== 'cancelled';
  if (kit === null || !devices || !spreading) return [];
  return [`rescue kit: ${kit} (install-trust.sh brings the new trust to a device)`];
}

/** As POSIX shells read it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
