import { renderMoment, type AddAnchorsPlan, type OffsetAt } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { counted } from '../cli/list-cut.js';
import { wrapFields, wrapPoints } from '../cli/wrap-fields.js';
import { anchorJson } from './anchor-json.js';

/** What adding roots is about to do. */
export function renderAddPlan(plan: AddAnchorsPlan, width: number, offsetAt: OffsetAt): string {
  const blocks = plan.add.map((anchor) => {
    const root = plan.roots.find(({ fingerprint }) => fingerprint === anchor.certificate);
    const old = plan.replaced.find(
      ({ alias }) => alias.toLowerCase() === anchor.alias.toLowerCase(),
    );
    return wrapFields(
      [
        ['Alias', anchor.alias],
        ['Subject', root?.certificate.subject.text ?? ''],
        ['Expires', root === undefined ? '' : renderMoment(root.certificate.notAfter, offsetAt)],
        ['SHA-256', anchor.certificate],
        ['Replaces', old?.certificate ?? ''],
      ],
      width,
    );
  });
  const head =
    plan.add.length === 0
      ? 'Plan: render the trust store again, which is not what is recorded'
      : `Plan: trust ${counted(plan.add.length, 'root')} in the whole zone`;
  const points = addNotes(plan);
  const notes = points.length === 0 ? '' : `\n${wrapPoints(points, width)}`;
  return [head, ...blocks].join('\n\n') + notes;
}

/** What a person should know beside the roots themselves; raw text. */
export function addNotes(plan: AddAnchorsPlan): readonly string[] {
  const added = new Set(plan.add.map(({ certificate }) => certificate));
  return [
    ...plan.known.map(({ alias }) => `trusted already as ${alias}`),
    ...plan.leftOut.map((each) => `left out: ${each}`),
    ...plan.roots.flatMap(({ fingerprint, warnings }) => (added.has(fingerprint) ? warnings : [])),
  ];
}

/** The plan for scripts. */
export function addPlanJson(plan: AddAnchorsPlan): JsonDocument {
  return {
    added: plan.add.map(anchorJson),
    replaced: plan.replaced.map(anchorJson),
    known: plan.known.map(anchorJson),
    leftOut: plan.leftOut,
    waiting: plan.waiting.map(({ path }) => path),
    next: plan.next,
  };
}
