import type { OperationStatus } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted, cutLine, cutList } from '../cli/list-cut.js';
import { labelledLines, type LabelledLines } from '../cli/labelled-lines.js';
import type { Surface } from '../cli/table.js';
import { STANDING_WORDS } from '../ssl/certificate-words.js';
import { operationJson } from '../ssl/operation-json.js';

/** Whether every member has proved the new trust, for each operation. */
export function renderReadiness(
  statuses: readonly OperationStatus[],
  options: { readonly surface: Surface; readonly verbose: boolean },
): string {
  if (statuses.length === 0) return 'No operation is running: nobody is waited for.\n';
  return statuses.map((status) => renderGate(status, options)).join('\n');
}

/** Whether no operation waits for a member. */
export function isOpen(statuses: readonly OperationStatus[]): boolean {
  return statuses.every(({ gate }) => gate.totals.missing === 0);
}

/** The gates for machines. */
export function readinessJson(statuses: readonly OperationStatus[]): JsonDocument {
  return {
    open: isOpen(statuses),
    operations: statuses.map(({ operation, standing, gate }) => ({
      operation: operationJson(operation),
      standing,
      open: gate.totals.missing === 0,
      ready: gate.ready,
      waived: gate.waived,
      missing: gate.missing,
    })),
  };
}

function renderGate(
  { operation, standing, gate }: OperationStatus,
  { surface, verbose }: { readonly surface: Surface; readonly verbose: boolean },
): string {
  const { style } = surface;
  const { ready, waived, missing, totals } = gate;
  const absent = cutList(missing, verbose);
  const others = [
    ...waived.map((name): LabelledLines => [name, [{ text: 'waived', dress: style.warning }]]),
    ...ready.map((name): LabelledLines => [name, [{ text: 'ready', dress: style.good }]]),
  ];
  const present = cutList(others, verbose);
  const lines: readonly LabelledLines[] = [
    ...absent.shown.map(({ member, reason }): LabelledLines => [
      member,
      [{ text: `not ready: ${reason}`, dress: style.bad }],
    ]),
    ...present.shown,
  ];
  const sum = `${counted(totals.ready, 'member')} ready, ${totals.missing} not ready, ${totals.waived} waived`;
  const told = ready.length + waived.length + missing.length;
  const untold = totals.ready + totals.waived + totals.missing - told;
  const left = absent.left + present.left + untold;
  return [
    `${style.strong(operation.id)} ${escapeText(operation.updateName)}\n`,
    `${operation.phase}: ${STANDING_WORDS[standing]}\n`,
    `${sum}${policyWords(operation, totals.missing)}\n\n`,
    labelledLines(lines, surface),
    cutLine(left),
  ].join('');
}

/** Whether activation waits for those that are missing. */
function policyWords(operation: OperationStatus['operation'], missing: number): string {
  const before = operation.phase !== 'active' && operation.phase !== 'retiring';
  if (missing === 0 || !before || operation.activation.when !== 'at') return '';
  return operation.policy === 'date'
    ? '; activation does not wait for them'
    : '; activation waits for them';
}
