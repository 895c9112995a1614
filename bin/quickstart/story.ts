import { shellWord } from '../../src/index.js';
import type { Style } from '../../commands/cli/style.js';
import { KINDS, PHASES, sumOf, type Kind, type Tallies } from './handshakes.js';

const CLIENTS: Readonly<Record<Kind, string>> = {
  old: 'only the old root',
  new: 'only the new root',
};

/** The first lines. */
export function renderTitle(style: Style): string {
  return `
${style.strong('zmint quickstart')}: a zone gets a new CA while clients connect to its servers
The CA key is made without a passphrase: this zone is for trying things out.

`;
}

/** One thing that was done, and the seconds that it took. */
export function renderStep(text: string, seconds: number, style: Style): string {
  return `${style.faint(`${seconds.toFixed(2).padStart(7)} s`)}  ${text}\n`;
}

/** The handshakes by kind of client and phase, and their sum. */
export function renderTallies(tallies: Tallies, style: Style): string {
  const head = ['handshakes of clients that know', ...PHASES, 'failed'];
  const rows = KINDS.map((kind) => {
    const { ok, failed } = tallies[kind];
    return [CLIENTS[kind], ...PHASES.map((phase) => number(ok[phase])), number(failed)];
  });
  const [titles = '', ...lines] = [head, ...rows].map(renderRow);
  const { all, failed } = sumOf(tallies);
  const verdict = `${number(all)} handshakes, ${number(failed)} failed`;
  const judged = failed === 0 ? style.good(verdict) : style.bad(verdict);
  const reasons = KINDS.flatMap((kind) => tallies[kind].reason ?? []);
  const table = [style.faint(titles), ...lines, '', style.strong(judged), ...reasons];
  return `\n${table.map((line) => `${line}\n`).join('')}`;
}

/** What is left, and what to type next. */
export function renderNext(zoneHome: string, program: string): string {
  const zmint = `node ${shellWord(program)}`;
  return `
The servers have ended; the zone stays in ${zoneHome}

Next: export ZMINT_ZONE=${shellWord(zoneHome)}
      ${zmint} status       # what there is now
      ${zmint} ssl retire   # the last step: the old root leaves
      ${zmint} help init    # a zone of your own
`;
}

function renderRow([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(33) + cells.map((cell) => cell.padStart(9)).join('');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
