import type { OffsetAt, OperationReport } from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import { counted, cutLine, cutLong } from '../cli/list-cut.js';
import { renderTable, type Surface } from '../cli/table.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { phaseWords } from './phase-words.js';
import { evidenceWords, UPDATE_WORDS } from './state-words.js';

/** How much of an operation is shown, and where. */
export interface OperationViewOptions {
  readonly surface: Surface;
  readonly verbose: boolean;
  readonly offsetAt: OffsetAt;
}

/** An operation's phase and its members, those with problems first. Ends with a line break. */
export function renderOperation(report: OperationReport, options: OperationViewOptions): string {
  const { surface, verbose } = options;
  const { style } = surface;
  const { operation, failed } = report;
  const bad = new Set(failed.shown.map(({ member }) => member.id));
  const others = report.members.shown.filter(({ member }) => !bad.has(member.id));
  const members = { total: report.members.total, shown: [...failed.shown, ...others] };
  const { shown, left } = cutLong(members, verbose);
  const table = renderTable(
    [{ title: 'Member', whole: true }, { title: 'State', whole: true }, { title: 'Evidence' }],
    shown.map(({ member, part }) => [
      member.name,
      {
        text: UPDATE_WORDS[part.update],
        dress: part.problem === null ? (text) => text : style.bad,
      },
      evidenceWords(part.evidence),
    ]),
    surface,
  );
  const problems = failed.shown.map(
    ({ member, part }) => `${style.bad(member.name)}: ${escapeText(part.problem?.message ?? '')}\n`,
  );
  const cutProblems = cutLong({ total: failed.total, shown: problems }, verbose);
  return [
    wrapFields(
      [
        ['Operation', `${operation.id} "${operation.updateName}"`],
        ['Phase', phaseWords(report, options.offsetAt)],
      ],
      surface.width,
    ),
    '\n',
    table,
    cutLine(left),
    problems.length === 0 ? '' : `\n${counted(failed.total, 'problem')}:\n`,
    ...cutProblems.shown,
    cutLine(cutProblems.left),
  ].join('');
}
