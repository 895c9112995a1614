import {
  renderInstant,
  renderMoment,
  renderWhen,
  type ImportPlan,
  type ImportRow,
  type OffsetAt,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { counted } from '../cli/list-cut.js';
import { PLAIN } from '../cli/style.js';
import { renderTable } from '../cli/table.js';
import { wrapFields, wrapPoints } from '../cli/wrap-fields.js';
import { activationJson, instantJson } from './operation-json.js';

/** How an import is shown. */
export interface ImportViewOptions {
  readonly width: number;
  readonly offsetAt: OffsetAt;
}

/** The import that is about to happen: what each thing in the files is and where it goes. */
export function renderImportPlan(plan: ImportPlan, options: ImportViewOptions): string {
  const { width, offsetAt } = options;
  const blocks = [
    `Plan: import ${counted(plan.sets.length, 'server certificate')}\n`,
    renderImportRows(plan.rows, width),
    wrapFields(
      plan.sets.map(({ member, leaf, intermediates }) => [
        member.name,
        [
          leaf.dnsNames.join(', '),
          `until ${renderMoment(leaf.notAfter, offsetAt)}`,
          `sent with ${counted(intermediates.length, 'intermediate')}`,
        ].join('; '),
      ]),
      width,
    ),
    wrapFields([['Activation', activationText(plan, offsetAt)]], width),
    wrapPoints(plan.warnings, width),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

/** The question behind the plan. */
export function importQuestion(plan: ImportPlan): string {
  return `Import ${counted(plan.sets.length, 'server certificate')}?`;
}

/** The table: file, what it was, where it went; below it why not, and what to do. */
export function renderImportRows(rows: readonly ImportRow[], width: number): string {
  const table = renderTable(
    [{ title: 'File' }, { title: 'What' }, { title: 'Where', whole: true }],
    rows.map((row) => [placeOf(row), row.what, whereText(row)]),
    { width, style: PLAIN },
  );
  const told = rows.filter(({ reason }) => reason !== '');
  const reasons = wrapPoints(
    told.map((row) => `${placeOf(row)}: ${row.reason}${hintText(row)}`),
    width,
  );
  return reasons === '' ? table : `${table}\n${reasons}`;
}

/** Rows for scripts. */
export function importRowsJson(rows: readonly ImportRow[]): readonly JsonDocument[] {
  return rows.map((row) => ({ ...row, servers: [...row.servers] }));
}

/** A plan for scripts; no key is in it. */
export function importPlanJson(plan: ImportPlan): JsonDocument {
  return {
    basis: plan.basis,
    at: renderInstant(plan.at),
    rows: importRowsJson(plan.rows),
    servers: plan.sets.map(({ planned, leaf, intermediates, keySource }) => ({
      name: planned.name,
      subject: leaf.subject.text,
      dnsNames: leaf.dnsNames,
      ipAddresses: leaf.ipAddresses,
      notBefore: renderInstant(leaf.notBefore),
      notAfter: renderInstant(leaf.notAfter),
      intermediates: intermediates.map(({ subject }) => subject.text),
      key: keySource,
      keepKey: planned.keepKey,
    })),
    activation: activationJson(plan.activation),
    immediate: plan.immediate,
    deadline: instantJson(plan.deadline),
    updateName: plan.updateName,
    warnings: plan.warnings,
  };
}

function activationText({ activation, immediate }: ImportPlan, offsetAt: OffsetAt): string {
  return immediate ? 'Immediate: what is replaced has expired' : renderWhen(activation, offsetAt);
}

function placeOf({ file, where }: ImportRow): string {
  return where === '' ? file : `${file}, ${where.replace(/ \(line \d+\)$/u, '')}`;
}

function hintText({ hint }: ImportRow): string {
  return hint === '' ? '' : `; ${hint}`;
}

function whereText({ outcome, servers }: ImportRow): string {
  if (outcome === 'refused') return 'REFUSED';
  if (outcome === 'passed-over') return 'not used';
  const names = servers.slice(0, 3).join(', ');
  const more = servers.length > 3 ? ` and ${servers.length - 3} more` : '';
  return outcome === 'taken' ? names : `set of ${names}${more}`;
}
