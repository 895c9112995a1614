import {
  renderInstant,
  renderMoment,
  renderWhen,
  type OffsetAt,
  type RemintPlan,
} from '../../src/index.js';
import { counted, cutLine, cutList, cutLong } from '../cli/list-cut.js';
import { PLAIN } from '../cli/style.js';
import { renderTable } from '../cli/table.js';
import { wrapFields, wrapPoints } from '../cli/wrap-fields.js';
import { authorityFields } from './remint-authority-view.js';

type Planned = RemintPlan['servers']['shown'][number];

/** What the text of a plan depends on beside the plan. */
export interface RemintViewOptions {
  readonly width: number;
  readonly verbose: boolean;
  readonly offsetAt: OffsetAt;
}

/** The whole plan for a person who is to say yes: who, from which names, until when, what it does to whom. */
export function renderRemintPlan(plan: RemintPlan, options: RemintViewOptions): string {
  const { width } = options;
  const blocks = [
    `${title(plan)}\n`,
    wrapFields(
      [...authorityFields(plan, options.offsetAt), ...activationFields(plan, options)],
      width,
    ),
    serverTable(plan, options),
    furtherNames(plan, options),
    warnings(plan, options),
    breaks(plan, options),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

/** The question behind the plan. */
export function remintQuestion(plan: RemintPlan): string {
  const { total, shown } = plan.servers;
  const [only] = shown;
  const servers = total === 1 && only !== undefined ? only.name : counted(total, 'server');
  return plan.authority === null ? `Remint ${servers}?` : `Remint the CA and ${servers}?`;
}

function title(plan: RemintPlan): string {
  const count = counted(plan.servers.total, 'server certificate');
  const what = plan.authority === null ? count : `the CA and ${count}`;
  return `Plan: remint ${what}, ${kindOfKeys(plan)}`;
}

/** RFC 3647: a re-key certifies a new key, a renewal the same key again. */
function kindOfKeys(plan: RemintPlan): string {
  const { authority, servers, keeping, placed } = plan;
  const kept = keeping + (authority?.keepKey === true ? 1 : 0);
  const all = servers.total - placed + (authority === null ? 0 : 1);
  if (kept === 0) return 're-key (new keys)';
  return kept === all ? 'renewal (the same keys)' : 're-key and renewal';
}

function activationFields(
  plan: RemintPlan,
  options: RemintViewOptions,
): readonly (readonly [string, string])[] {
  return [
    ['Activation', activationText(plan, options.offsetAt)],
    ['Gate', gateText(plan, options.offsetAt)],
    ['Reloads', reloadText(plan, options)],
    ['Devices', devicesText(plan, options)],
    ['Update', plan.updateName],
    ['Backup', backupText(plan)],
  ];
}

/** How old the last verified backup is, and what is to be done before the plan can be carried out. */
export function backupText({ backup }: RemintPlan): string {
  if (backup === undefined) return '';
  if (backup.suffices) return backup.words;
  return `missing, so this plan is not carried out: ${backup.words}; make one (zmint ca backup FILE), or say --no-backup-check`;
}

function activationText(plan: RemintPlan, offsetAt: OffsetAt): string {
  const { activation } = plan;
  if (plan.immediate) return 'Immediate, in this run: what is replaced has expired';
  if (activation.when === 'at' && activation.instant <= plan.at) {
    return `now, in this run: ${renderMoment(plan.at, offsetAt)}`;
  }
  if (activation.when === 'ready' && plan.authority === null) {
    return 'in this run, as soon as the certificates are made';
  }
  const when = renderWhen(activation, offsetAt);
  return activation.when === 'ready' && plan.devices.total === 0 ? `${when}: in this run` : when;
}

function gateText(plan: RemintPlan, offsetAt: OffsetAt): string {
  if (plan.authority === null) return '';
  const latest =
    plan.deadline === null ? '' : `, at the latest ${renderMoment(plan.deadline, offsetAt)}`;
  if (plan.policy === 'gate') {
    return `gate: activation waits until every member has proved the new trust${latest}`;
  }
  if (plan.activation.when === 'ready') {
    return `ready: activation waits until every member has proved the new trust${latest}`;
  }
  return 'date: activation comes at its instant, whether or not every member has reported';
}

/** A remint of the CA reloads twice: the staged set sends the cross-certificate already. */
function reloadText(plan: RemintPlan, options: RemintViewOptions): string {
  const without = plan.withoutReload;
  const reloading = plan.servers.total - without.total;
  const names = cutLong(without, options.verbose);
  const more = names.left === 0 ? '' : ` and ${names.left} more`;
  const bare =
    without.total === 0
      ? ''
      : `no reload command, so it must read its files again by itself: ${names.shown.join(', ')}${more}`;
  if (reloading === 0) return bare;
  const each = counted(reloading, 'server');
  const twice = `${each}, twice each: in this run, when the new trust is staged, and at activation`;
  const text = plan.authority === null ? `${each}, once each, at activation` : twice;
  return bare === '' ? text : `${text}; ${bare}`;
}

function devicesText(plan: RemintPlan, options: RemintViewOptions): string {
  if (plan.devices.total === 0) return '';
  const { shown, left } = cutLong(plan.devices, options.verbose);
  const more = left === 0 ? '' : ` and ${left} more`;
  const learn = `${plan.devices.total} must learn the new trust: ${shown.join(', ')}${more}`;
  return plan.unreached.total === 0 ? learn : `${learn}; ${unreachedText(plan)}`;
}

/** A device without a folder proves nothing by itself: what that means for the activation. */
function unreachedText(plan: RemintPlan): string {
  const waits = plan.policy === 'gate' || plan.activation.when === 'ready';
  const effect = waits
    ? 'activation waits until they are ignored by name (zmint update ignore)'
    : 'they get it by the rescue kit';
  return `zmint reaches no folder of ${plan.unreached.total}: ${effect}`;
}

function serverTable(plan: RemintPlan, options: RemintViewOptions): string {
  const { shown, left } = cutLong(plan.servers, options.verbose);
  const table = renderTable(
    [
      { title: 'Server', whole: true },
      { title: 'Name in it' },
      { title: 'Key' },
      { title: 'Valid until', whole: true },
      { title: 'Replaced ends', whole: true },
    ],
    shown.map((server) => [
      server.name,
      server.placedByHand ? 'as placed in the remint-repo' : server.names.commonName,
      keyText(server),
      server.placedByHand ? '' : dateOf(server.validity.notAfter),
      replacedText(server, plan.at),
    ]),
    { width: options.verbose ? Infinity : options.width, style: PLAIN },
  );
  return `${table}${cutLine(left)}`;
}

/** What the certificates carry beside the name in the table. */
function furtherNames(plan: RemintPlan, options: RemintViewOptions): string {
  const further = plan.servers.shown
    .filter((server) => !server.placedByHand)
    .map((server) => [server.name, otherNames(server).join(', ')] as const)
    .filter(([, names]) => names !== '');
  const { shown, left } = cutList(further, options.verbose);
  const beyond = plan.servers.total - plan.servers.shown.length;
  return shown.length === 0
    ? ''
    : `Further names\n${wrapFields(shown, options.width)}${cutLine(left + beyond)}`;
}

function otherNames({ names }: Planned): readonly string[] {
  const { commonName, dnsNames, ipAddresses } = names;
  return [...dnsNames.filter((name) => name !== commonName), ...ipAddresses];
}

function keyText({ keySpec, keepKey, placedByHand }: Planned): string {
  if (placedByHand) return 'as placed';
  return `${keySpec}, ${keepKey ? 'same' : 'new'}`;
}

function replacedText({ replacedEnds }: Planned, now: number): string {
  if (replacedEnds === null) return 'none';
  return replacedEnds < now ? `${dateOf(replacedEnds)} expired` : dateOf(replacedEnds);
}

/** The day in UTC; the JSON document has the second. */
function dateOf(instant: number): string {
  return renderInstant(instant).slice(0, 10);
}

function warnings(plan: RemintPlan, options: RemintViewOptions): string {
  if (plan.warnings.total === 0) return '';
  const { shown, left } = cutLong(plan.warnings, options.verbose);
  return `Warnings\n${wrapPoints(shown, options.width)}${cutLine(left)}`;
}

function breaks(plan: RemintPlan, options: RemintViewOptions): string {
  if (plan.breaks.total === 0) return '';
  const { shown, left } = cutLong(plan.breaks, options.verbose);
  const points = shown.map(
    ({ member, reason, rescue }) => `${member}: ${reason}; to bring it back, ${rescue}`,
  );
  return `These lose contact\n${wrapPoints(points, options.width)}${cutLine(left)}`;
}
