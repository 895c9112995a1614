import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findCommand } from '../../commands/cli/find-command.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS, readGlobals } from '../../commands/cli/read-globals.js';
import { REGISTRY } from '../../commands/registry.js';
import { documentedLines } from '../support/documented-lines.js';
import { listPages, readPage } from '../support/markdown.js';

const PAGES = ['README.md', ...listPages('docs')].map(readPage);
const WRITTEN = PAGES.filter(({ file }) => !/docs\/(?:reference|design)\//u.test(file));

/** What is wrong with a command line; undefined: nothing. */
async function fault(words: readonly string[]): Promise<string | undefined> {
  const found = findCommand(REGISTRY, readGlobals(words).rest);
  if (found.kind !== 'command') return undefined;
  const { entry } = found;
  if (entry.kind === 'coming') return `${entry.name} is not there yet`;
  const command = await entry.load();
  const own = Object.values(command.options).map((option) => option.flag);
  const common = [...GLOBAL_OPTIONS, ...(command.changes ? CHANGE_OPTIONS : [])];
  const known = [...own, ...common.map((option) => option.flag)];
  const unknown = words.filter((word) => word.startsWith('--'));
  return unknown.map((word) => word.split('=')[0] ?? '').find((flag) => !known.includes(flag));
}

describe('command lines in the documentation', () => {
  const lines = WRITTEN.flatMap((page) =>
    documentedLines(page).map((words) => [page.file, words.join(' '), words] as const),
  );

  test('are found', () => {
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.map(([, line]) => line)).toContain('ssl resume --quiet');
  });

  test.each(lines)('%s: zmint %s', async (_file, _line, words) => {
    expect(await fault(words)).toBeUndefined();
  });

  test.each([
    ['ssl remnit web1', /no command/u],
    ['update assign web1', /not there yet/u],
    ['ssl list --all', /--all/u],
    ['ssl list --yes', /--yes/u],
  ])('a mistake would be seen: zmint %s', async (line, told) => {
    const seen = fault(line.split(' ')).catch(String);
    expect(await seen).toMatch(told);
  });
});

describe('links', () => {
  const links = PAGES.flatMap(({ file, links: all }) =>
    all.filter((link) => !/^[a-z]+:/u.test(link)).map((link) => [file, link] as const),
  );

  test.each(links)('%s: %s leads somewhere', (file, link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    expect(existsSync(target)).toBe(true);
    if (anchor !== undefined) expect(readPage(target).anchors).toContain(anchor);
  });

  test('lead to every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      for (const link of readPage(file).links.filter((each) => !/^[a-z]+:|^#/u.test(each))) {
        const target = normalize(join(dirname(file), link.split('#')[0] ?? ''));
        if (target.endsWith('.md')) reached.add(target);
      }
    }
    expect(PAGES.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
  });
});

test.each(
  PAGES.flatMap(({ file, fences }) =>
    fences.filter(({ info }) => info === 'json').map((fence) => [file, fence.line, fence] as const),
  ),
)('%s:%d: the JSON can be read', (_file, _line, { text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

test('the README is short enough to be read', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(121);
});

test.each(PAGES)('$file names no folder of a developer', ({ file }) => {
  expect(readFileSync(file, 'utf8').match(/\/(?:work|home|tmp)\/\S+/gu) ?? []).toEqual([]);
});
