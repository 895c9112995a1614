import { renderInstant, renderMoment, renderWhen, type CaChangePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { counted, cutLong } from '../cli/list-cut.js';
import type { Session } from '../cli/session.js';
import { wrapFields, wrapPoints } from '../cli/wrap-fields.js';
import { csrPlanJson, renderCsrPlan } from '../ssl/csr-view.js';
import { remintPlanJson } from '../ssl/remint-json.js';
import { backupText } from '../ssl/remint-view.js';

type Fields = readonly (readonly [label: string, value: string])[];
type Look = Pick<Session, 'terminal' | 'options' | 'offsetAt'>;

/** The whole plan for a person who is to say yes. */
export function renderCaChangePlan(plan: CaChangePlan, session: Look): string {
  const { remint, requests } = plan;
  const { width } = session.terminal;
  const { verbose } = session.options;
  const warnings = cutLong(remint.warnings, verbose).shown;
  const blocks = [
    `Plan: change the CA to ${caText(plan)}\n`,
    wrapFields([...authorityFields(plan, session), ...courseFields(plan, session)], width),
    requests === null ? '' : renderCsrPlan(requests, width, verbose),
    warnings.length === 0 ? '' : `Warnings\n${wrapPoints(warnings, width)}`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

/** The question behind the plan. */
export function caChangeQuestion(plan: CaChangePlan): string {
  return `Change the CA to ${caText(plan)}?`;
}

/** A plan for scripts. */
export function caChangePlanJson({ basis, remint, chain, requests }: CaChangePlan): JsonDocument {
  return {
    ...remintPlanJson(remint),
    basis,
    chain:
      chain === null
        ? null
        : {
            root: chain.root.subject.text,
            notAfter: renderInstant(chain.root.notAfter),
            between: chain.intermediates.map(({ subject }) => subject.text),
            sorted: chain.sorted,
          },
    requests: requests === null ? null : csrPlanJson(requests),
  };
}

function caText({ chain, remint }: CaChangePlan): string {
  return chain === null
    ? `CN=${remint.authority?.subjectCommonName ?? ''}, internal`
    : `${chain.root.subject.text}, external`;
}

function authorityFields({ chain, remint }: CaChangePlan, { offsetAt }: Look): Fields {
  const { authority } = remint;
  if (authority === null) return [];
  return [
    ['Generation', `${authority.generation}, after ${authority.previousGeneration}`],
    ['CA key', chain === null ? `${authority.keySpec}, made by the server that holds the CA` : ''],
    ['CA valid until', renderMoment(authority.validity.notAfter, offsetAt)],
    ['Between', chain?.intermediates.map(({ subject }) => subject.text).join('; ') ?? ''],
    [
      'Order',
      chain?.sorted === true ? 'the file had another order; it was sorted, the root last' : '',
    ],
  ];
}

function courseFields(plan: CaChangePlan, look: Look): Fields {
  const { remint } = plan;
  return [
    ['Trust', 'first: every member gets the old and the new root in this run'],
    ['Servers', serversText(plan)],
    ['Activation', activationText(plan, look)],
    ['Gate', gateText(plan, look)],
    ['Devices', devicesText(plan, look)],
    ['Update', remint.updateName],
    ['Backup', backupText(remint)],
  ];
}

function serversText({ remint, chain, requests }: CaChangePlan): string {
  const servers = counted(remint.servers.total, 'server');
  if (chain === null) return `${servers}, each with a new key and certificate`;
  return requests === null
    ? `${servers}, each waits for a request that you make (zmint generate-csr) and what the CA signs`
    : `${servers}, each waits for what the CA signs of its request`;
}

function activationText({ remint }: CaChangePlan, { offsetAt }: Look): string {
  const { activation, immediate, at } = remint;
  if (immediate) return 'as soon as the gate is open: what is replaced has expired';
  if (activation.when === 'at' && activation.instant <= at) return 'as soon as the gate is open';
  return activation.when === 'ready'
    ? 'as soon as the gate is open'
    : `${renderWhen(activation, offsetAt)}, when the gate is open by then`;
}

function gateText({ remint, chain }: CaChangePlan, { offsetAt }: Look): string {
  const { deadline } = remint;
  const certificate = chain === null ? '' : ' and every server has its certificate';
  const latest =
    deadline === null
      ? ''
      : `; at the latest ${renderMoment(deadline, offsetAt)}, before the old CA ends`;
  return `mandatory: every member has proved the new trust${certificate}${latest}`;
}

function devicesText({ remint }: CaChangePlan, { options }: Look): string {
  const { devices, unreached } = remint;
  if (devices.total === 0) return '';
  const { shown, left } = cutLong(devices, options.verbose);
  const more = left === 0 ? '' : ` and ${left} more`;
  const learn = `${devices.total} must learn the new trust: ${shown.join(', ')}${more}`;
  if (unreached.total === 0) return learn;
  return `${learn}; zmint reaches no folder of ${unreached.total}: activation waits until they are ignored by name (zmint update ignore)`;
}
