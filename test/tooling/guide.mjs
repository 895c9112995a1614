// Runs the chapters of the guide and compares what they show with what happens.
//   node test/tooling/guide.mjs [--write] [FILE…]
// In a chapter, ```console run blocks hold command lines behind "$ " and what they print. Dates,
// times, digests and white space may differ; "…" stands for anything. A command must end with 0
// unless "$ echo $?" follows it. <!-- run: … --> is a step that readers do not see, and
// <!-- json: COMMAND --> stands before a ```json block that shows a part of what the command prints.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openBench } from './guide-bench.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** One zone lives through these chapters, in this order. */
export const CHAPTERS = ['first-zone', 'remint', 'for-scripts', 'when-something-has-expired'].map(
  (name) => `docs/guide/${name}.md`,
);
/** Chapters with a machine of their own. */
export const APART = [
  'back-up-and-restore',
  'external-ca',
  'under-a-company-root',
  'satellites',
  'trust-for-agents',
  'move-the-ca',
  'revocation',
  'when-the-ca-key-has-leaked',
].map((name) => `docs/guide/${name}.md`);
/** Chapters with a machine of their own, into which a token is plugged. */
export const WITH_TOKEN = ['docs/guide/key-in-a-token.md'];
/** What starts with a machine of its own. */
export const ALONE = 'README.md';

/** The steps of a chapter, with the lines (from, to) that hold what a command prints. */
export function readSteps(text) {
  const lines = text.split('\n');
  const steps = [];
  let inside = '';
  lines.forEach((line, index) => {
    if (inside !== '') {
      if (line === '```') inside = '';
      else if (inside === 'console run') readConsoleLine(steps, line, index);
      return;
    }
    const fence = /^```(.+)$/u.exec(line);
    const hidden = /^<!-- (run|json): (.+) -->$/u.exec(line);
    if (fence !== null) inside = fence[1];
    if (hidden?.[1] === 'run') steps.push({ kind: 'hidden', line: hidden[2] });
    if (hidden?.[1] === 'json') {
      const from = lines.indexOf('```json', index) + 1;
      steps.push({ kind: 'json', line: hidden[2], from, to: lines.indexOf('```', from) });
    }
  });
  return steps.map((step) =>
    step.from === undefined ? step : { ...step, shown: lines.slice(step.from, step.to).join('\n') },
  );
}

function readConsoleLine(steps, line, index) {
  const last = steps.at(-1);
  if (line.startsWith('$ ')) {
    steps.push({ kind: 'command', line: line.slice(2), from: index + 1, to: index + 1 });
  } else if (isOpen(last.line)) {
    last.line += `\n${line}`;
    last.from = last.to = index + 1;
  } else {
    last.to = index + 1;
  }
}

/** Whether the next line belongs to the command: after a backslash, and inside of <<'END'. */
function isOpen(line) {
  const here = /<<'(\w+)'/u.exec(line);
  return here === null ? line.endsWith('\\') : !line.endsWith(`\n${here[1]}`);
}

const CHANGING = [
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?: ?[+-]\d\d:\d\d|Z)?/gu, 'DATE'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, 'UUID'],
  [/(?:[0-9A-F]{2}:){15,}[0-9A-F]{2}/gu, 'HEX'],
  [/\b[0-9a-f]{11,}\b/gu, 'HEX'],
  [/\b\d+(?:\.\d+)?\s+(?:ms|s|min|h|days?|hours?|minutes?|seconds?)\b/gu, 'TIME'],
  [/(?:TIME\s*)+/gu, 'TIME '],
  [/\b(?:ca_days|server_days)=-?\d+/gu, 'DAYS'],
  [/\s+/gu, ' '],
];

function plain(text) {
  return CHANGING.reduce((left, [found, word]) => left.replaceAll(found, word), text).trim();
}

/** Whether what is shown is what was printed. */
export function fits(shown, printed) {
  const parts = plain(shown)
    .split('…')
    .map((part) => part.trim().replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(plain(printed));
}

/** Whether the JSON shown is a part of the JSON printed: the same keys, the same kinds of values. */
export function isPart(shown, printed) {
  if (Array.isArray(shown)) {
    return Array.isArray(printed) && shown.every((each, index) => isPart(each, printed[index]));
  }
  if (typeof shown === 'object' && shown !== null) {
    const isObject = typeof printed === 'object' && printed !== null && !Array.isArray(printed);
    return isObject && Object.keys(shown).every((key) => isPart(shown[key], printed[key]));
  }
  if (typeof shown === 'string') return typeof printed === 'string' && fits(shown, printed);
  return typeof shown === typeof printed;
}

/** Runs the steps of one text; returns what differs, with what really came. */
export async function runSteps(bench, steps) {
  const differences = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'hidden') await bench.prepare(step.line);
    else differences.push(...(await runStep(bench, step, steps[index + 1])));
  }
  return differences;
}

async function runStep(bench, step, next) {
  const { status, output } = await bench.run(step.line);
  const told = next?.kind === 'command' && next.line === 'echo $?';
  if (step.kind === 'json') return compareJson(step, output);
  if (status !== 0 && !told) return [{ step, why: `ended with ${status}`, output }];
  return fits(step.shown, output) ? [] : [{ step, why: 'prints something else', output }];
}

function compareJson(step, output) {
  const printed = JSON.parse(output);
  const pretty = JSON.stringify(printed, null, 2);
  const same = step.shown.trim() !== '' && isPart(JSON.parse(step.shown), printed);
  return same ? [] : [{ step, why: 'prints other JSON', output: pretty }];
}

/** The text with what really came in place of what differs. */
export function mend(text, differences) {
  const lines = text.split('\n');
  for (const { step, output } of differences.toReversed()) {
    const fresh = output.trimEnd() === '' ? [] : output.trimEnd().split('\n');
    lines.splice(step.from, step.to - step.from, ...fresh.map((line) => line.trimEnd()));
  }
  return lines.join('\n');
}

async function runFiles(files, write) {
  const bench = await openBench();
  let count = 0;
  try {
    for (const file of files) {
      const path = resolve(ROOT, file);
      const text = readFileSync(path, 'utf8');
      const differences = await runSteps(bench, readSteps(text));
      for (const { step, why, output } of differences) {
        console.error(`${file}:${step.from}: ${step.line.split('\n')[0]}: ${why}`);
        if (!write) console.error(output);
      }
      if (write && differences.length > 0) writeFileSync(path, mend(text, differences));
      count += differences.length;
    }
  } finally {
    bench.close();
  }
  return count;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const write = process.argv.includes('--write');
  const files = process.argv.slice(2).filter((word) => word !== '--write');
  const groups =
    files.length > 0
      ? [files]
      : [[ALONE], ...[...APART, ...WITH_TOKEN].map((file) => [file]), CHAPTERS];
  let count = 0;
  for (const group of groups) count += await runFiles(group, write);
  process.exitCode = count === 0 || write ? 0 : 1;
}
