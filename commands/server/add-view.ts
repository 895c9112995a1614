import {
  memberHome,
  renderInstant,
  renderMoment,
  type AddPlan,
  type AddReport,
  type Member,
  type OffsetAt,
} from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import { labelledLines, type LabelledLines } from '../cli/labelled-lines.js';
import { counted, cutLine, cutList } from '../cli/list-cut.js';
import { PLAIN } from '../cli/style.js';
import { renderTable, type Surface } from '../cli/table.js';
import { wrapFields } from '../cli/wrap-fields.js';

/** How the members are called, and how much is shown. */
export interface AddViewOptions {
  readonly surface: Surface;
  readonly verbose: boolean;
  readonly offsetAt: OffsetAt;
  readonly zoneHome: string;
}

/** What is about to be added. */
export function renderAddPlan(plan: AddPlan, thing: string, options: AddViewOptions): string {
  const { width } = options.surface;
  const title = `Plan: add ${counted(plan.members.length, thing)}`;
  const [only] = plan.members;
  if (plan.members.length === 1 && only !== undefined) {
    return `${title}\n\n${wrapFields(planFields(plan, only, options.zoneHome), width)}`;
  }
  const { shown, left } = cutList(plan.members, options.verbose);
  const table = renderTable(
    [{ title: 'Name', whole: true }, { title: 'DNS names' }, { title: 'Home' }],
    shown.map((member) => [
      member.name,
      namesOf(member).join(', '),
      memberHome(options.zoneHome, member) ?? '',
    ]),
    { width, style: PLAIN },
  );
  const mint = plan.mint ? '\nEach gets its first certificate at once.\n' : '';
  return `${title}\n\n${table}${cutLine(left)}${mint}`;
}

/** The question behind the plan. */
export function addQuestion(plan: AddPlan, thing: string): string {
  const [only] = plan.members;
  return plan.members.length === 1 && only !== undefined
    ? `Add ${thing} ${only.name}?`
    : `Add ${counted(plan.members.length, thing)}?`;
}

/** What was added: everything about one, a table of many, and the reasons of those that failed. */
export function renderAdded(report: AddReport, options: AddViewOptions): string {
  const { surface } = options;
  const [only] = report.added;
  const single = report.added.length === 1 && report.failed.length === 0 && only !== undefined;
  if (single) return labelledLines(addedFields(only, options.offsetAt), surface);
  const { shown, left } = cutList(report.added, options.verbose);
  const table = renderTable(
    [{ title: 'Name', whole: true }, { title: 'Valid until', whole: true }, { title: 'Live set' }],
    shown.map(({ member, home, notAfter }) => [
      member.name,
      notAfter === null ? 'no certificate' : renderInstant(notAfter).slice(0, 10),
      home === null ? '' : `${home}/security/live`,
    ]),
    surface,
  );
  const failed = report.failed.map(
    ({ member, error }) =>
      `${surface.style.bad(escapeText(member.name))}: not added: ${escapeText(error.message)}\n`,
  );
  return `${table}${cutLine(left)}${failed.join('')}`;
}

function planFields(
  plan: AddPlan,
  member: Member,
  zoneHome: string,
): readonly (readonly [string, string])[] {
  return [
    ['Path', member.path],
    ['Kind', [member.kind, ...member.roles].join(', ')],
    ['Names', namesOf(member).join(', ')],
    ['Home', memberHome(zoneHome, member) ?? ''],
    ['Reload', member.reload ?? ''],
    ['Probe', member.probe ?? ''],
    ['Certificate', certificateText(plan, member)],
  ];
}

function certificateText(plan: AddPlan, member: Member): string {
  const server = member.kind === 'primary' || member.kind === 'satellite';
  if (!server) return 'none: a device only trusts';
  return plan.mint ? 'its first one, live at once' : 'none for now';
}

function addedFields(
  { member, home, notAfter }: AddReport['added'][number],
  offsetAt: OffsetAt,
): readonly LabelledLines[] {
  const added: LabelledLines = ['Added', [member.path]];
  if (home === null) return [added];
  if (notAfter === null) return [added, ['Home', [home]]];
  return [
    added,
    ['Home', [home]],
    ['Certificate', [`${home}/security/live/server.cer`]],
    ['Key', [`${home}/security/live/key.pem`]],
    ['Trust', [`${home}/security/live/ca.cert`]],
    ['Valid until', [renderMoment(notAfter, offsetAt)]],
  ];
}

function namesOf(member: Member): readonly string[] {
  const own = member.dnsName === null ? [] : [member.dnsName];
  return [...own, ...member.additionalDnsNames, ...member.ipAddresses];
}
