import {
  keepsTrust,
  renderInstant,
  renderMoment,
  renderWhen,
  type AuthorityImportPlan,
  type OffsetAt,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { counted, cutLong } from '../cli/list-cut.js';
import { wrapFields, wrapPoints } from '../cli/wrap-fields.js';
import { remintPlanJson } from './remint-json.js';
import { backupText } from './remint-view.js';

type Fields = readonly (readonly [label: string, value: string])[];

type Remint = NonNullable<AuthorityImportPlan['remint']>;

interface Look {
  readonly width: number;
  readonly verbose: boolean;
  readonly offsetAt: OffsetAt;
}

/** The whole plan for a person who is to say yes. */
export function renderAuthorityImport(plan: AuthorityImportPlan, look: Look): string {
  const { certificate, parents, request, remint } = plan;
  const warnings = [
    ...plan.warnings,
    ...(remint === null ? [] : cutLong(remint.warnings, look.verbose).shown),
  ];
  const between = parents.slice(0, -1).map(({ subject }) => subject.text);
  const fields: Fields = [
    ['CA', `${certificate.subject.text}, generation ${request.generation}`],
    ['Valid until', renderMoment(certificate.notAfter, look.offsetAt)],
    ['Between', between.join('; ')],
    ['Root', `${parents.at(-1)?.subject.text ?? ''}, ${rootText(plan)}`],
    ...(remint === null ? firstFields(plan) : courseFields(plan, look)),
  ];
  const blocks = [
    'Plan: take the certificate of the CA\n',
    wrapFields(fields, look.width),
    warnings.length === 0 ? '' : `Warnings\n${wrapPoints(warnings, look.width)}`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

/** The question behind the plan. */
export function authorityImportQuestion({ certificate, remint }: AuthorityImportPlan): string {
  const name = certificate.subject.text;
  return remint === null ? `Use ${name} as the CA of the zone?` : `Change the CA to ${name}?`;
}

/** A plan for scripts. */
export function authorityImportJson(plan: AuthorityImportPlan): JsonDocument {
  const { basis, certificate, parents, request, remint, first, notes, warnings } = plan;
  return {
    basis,
    authority: {
      generation: request.generation,
      subject: certificate.subject.text,
      notAfter: renderInstant(certificate.notAfter),
    },
    parents: parents.map(({ subject }) => subject.text),
    firstCertificates: first.total,
    remint: remint === null ? null : remintPlanJson(remint),
    notes,
    warnings,
  };
}

function rootText({ remint }: AuthorityImportPlan): string {
  if (remint === null) return 'becomes what the zone trusts';
  return keepsRoot(remint) ? 'which every member trusts already' : 'which members must learn';
}

/** Where the root stays, everybody is ready. */
function activationText(remint: Remint, offsetAt: OffsetAt): string {
  const { activation } = remint;
  const atOnce = activation.when === 'ready' && keepsRoot(remint);
  return atOnce ? 'in this run: nobody has a root to learn' : renderWhen(activation, offsetAt);
}

function keepsRoot({ authority }: Remint): boolean {
  return keepsTrust(authority?.origin);
}

function firstFields({ first }: AuthorityImportPlan): Fields {
  const { total } = first;
  return [
    ['Servers', `${counted(total, 'server')}, each with its first certificate, used at once`],
  ];
}

function courseFields({ remint }: AuthorityImportPlan, { offsetAt }: Look): Fields {
  if (remint === null) return [];
  const trust = keepsRoot(remint)
    ? 'stays as it is'
    : 'first: every member gets the old and the new root in this run';
  const gate =
    remint.policy === 'gate' ? 'mandatory: every member has proved the new trust' : 'not needed';
  return [
    ['Servers', `${counted(remint.servers.total, 'server')}, each with a new key and certificate`],
    ['Trust', trust],
    ['Activation', activationText(remint, offsetAt)],
    ['Gate', gate],
    ['Update', remint.updateName],
    ['Backup', backupText(remint)],
  ];
}
