import type { ModulePlan, ModuleReport } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import { wrapFields } from '../cli/wrap-fields.js';

/** By which module the keys are going to be reached. */
export function renderModulePlan(plan: ModulePlan, width: number): string {
  const fields = wrapFields(
    [
      ['Module', plan.modulePath],
      ...plan.changes.map(
        ({ authority, before }) =>
          [`Generation ${authority.generation}`, `until now ${before.uri}`] as const,
      ),
      ['Proof', 'each key must be the same and sign a test by the new module'],
    ],
    width,
  );
  return `Plan: reach ${counted(plan.changes.length, 'key')} of the CA by another PKCS#11 module\n\n${fields}`;
}

/** The question behind the plan. */
export function moduleQuestion({ modulePath }: ModulePlan): string {
  return `Use ${escapeText(modulePath)}?`;
}

/** A plan for scripts. */
export function modulePlanJson({ basis, modulePath, changes }: ModulePlan): JsonDocument {
  return {
    basis,
    modulePath,
    keys: changes.map(({ authority, before, after }) => ({
      generation: authority.generation,
      before: before.uri,
      after: after.uri,
    })),
  };
}

/** What came of it, for people. */
export function renderModuleReport({ changed, unchanged }: ModuleReport): string {
  return [
    ...changed.map(
      ({ authority, after }) =>
        `Generation ${authority.generation}: ${escapeText(after.uri)}, has signed a test`,
    ),
    ...unchanged.map(
      ({ generation, reason }) => `Generation ${generation} stays as it was: ${escapeText(reason)}`,
    ),
  ].join('\n');
}

/** What came of it, for scripts. */
export function moduleReportJson({ changed, unchanged }: ModuleReport): JsonDocument {
  return {
    changed: changed.map(({ authority, after }) => ({
      generation: authority.generation,
      keyUri: after.uri,
    })),
    unchanged,
  };
}
