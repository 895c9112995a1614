import type { ErrorCode } from '../../src/errors.js';
import { renderInstant, type ServerVerdict } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { exitStatus } from '../cli/exit-status.js';
import { counted } from '../cli/list-cut.js';
import type { Surface } from '../cli/table.js';
import { wrapText } from '../cli/wrap-text.js';

const INDENT = '    ';

/** Servers that are well in a line each, then those that are not, with each fault and its remedy. */
export function renderVerdicts(
  verdicts: readonly ServerVerdict[],
  options: { readonly surface: Surface; readonly verbose: boolean },
): string {
  const { surface } = options;
  const good = verdicts.filter(({ problems }) => problems.length === 0);
  const bad = verdicts.filter(({ problems }) => problems.length > 0);
  const quiet = good.length > 20 && !options.verbose;
  const wellLines = quiet
    ? `${counted(good.length, 'server')} well (--verbose lists them)\n`
    : good.map((verdict) => wellLine(verdict, surface)).join('');
  const notices = [...blindNotices(verdicts), ...verdicts.flatMap((verdict) => verdict.notices)];
  return [
    wellLines,
    ...bad.map((verdict) => badLines(verdict, surface)),
    noticeLines(notices, options),
  ].join('');
}

/** One server asked: its own status. Several: 0, or that some members failed. */
export function verdictStatus(verdicts: readonly ServerVerdict[], asked: number): number {
  const codes = verdicts.flatMap(({ problems }): readonly ErrorCode[] =>
    problems.slice(0, 1).map(({ code }) => code),
  );
  const [first] = codes;
  if (first === undefined) return 0;
  return asked === 1 ? exitStatus(first) : exitStatus('partial');
}

/** The verdicts for machines. */
export function verdictsJson(verdicts: readonly ServerVerdict[]): JsonDocument {
  return {
    servers: verdicts.map((verdict) => ({
      name: verdict.member.name,
      path: verdict.member.path,
      probe: verdict.member.probe,
      seen: verdict.seen,
      protocol: verdict.protocol,
      expected: verdict.expected,
      served: verdict.served,
      notAfter: verdict.ends === null ? null : renderInstant(verdict.ends),
      clients: verdict.clients,
      problems: verdict.problems,
      notices: verdict.notices,
    })),
    failed: verdicts.filter(({ problems }) => problems.length > 0).length,
  };
}

function wellLine(verdict: ServerVerdict, { style }: Surface): string {
  const { member, seen, protocol, served } = verdict;
  const how =
    seen === 'handshake'
      ? `${member.probe ?? ''} ${protocol ?? ''}, sends ${counted(served.length, 'certificate')}, accepted by ${verdict.clients.join(' and ')}`
      : 'its files are right; it was not connected to';
  return `${style.good('ok')}  ${escapeText(`${member.name}: ${how}`)}\n`;
}

function badLines({ member, problems }: ServerVerdict, { style, width }: Surface): string {
  const lines = problems.map(({ fault, message, mend }) => {
    const text = wrapText(escapeText(`${fault}: ${message}`), width, INDENT);
    return `${text}\n${INDENT}${style.strong(escapeText(mend))}\n`;
  });
  return `${style.bad('bad')} ${escapeText(member.name)}\n${lines.join('')}`;
}

/** Said once for all: it may be true of every server of the zone. */
function blindNotices(verdicts: readonly ServerVerdict[]): readonly string[] {
  const blind = verdicts.filter(({ member }) => member.probe === null);
  const [first] = blind;
  if (first === undefined) return [];
  const { name } = first.member;
  const who = blind.length === 1 ? name : `${name} and ${blind.length - 1} more`;
  return [
    `no probe address, judged by files alone: ${who} (zmint server set ${name} --probe HOST:PORT)`,
  ];
}

function noticeLines(
  notices: readonly string[],
  options: { readonly surface: Surface; readonly verbose: boolean },
): string {
  const shown = options.verbose ? notices : notices.slice(0, 5);
  const more = notices.length - shown.length;
  const { width, style } = options.surface;
  const lines = shown.map(
    (text) =>
      `${style.warning('note')} ${wrapText(escapeText(text), width, '     ').trimStart()}\n`,
  );
  return `${lines.join('')}${more > 0 ? `note ${more} more (--verbose shows all)\n` : ''}`;
}
