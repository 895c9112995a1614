import type { Page } from './markdown.js';

const SHELL = /^(?:sh|console)\b/u;
const CALL = /(?:^|[\s=(])zmint (?=[a-z/-])/u;
const END_OF_CALL = /^(?:\||\|\||&&|;|\d*[<>].*|#.*)$/u;

/** The words behind `zmint` of every command line on a page, from blocks and from the text. */
export function documentedLines(page: Page): readonly (readonly string[])[] {
  const blocks = page.fences.flatMap(({ info, text }) => typedLines(info, text));
  return [...blocks, ...page.spans].flatMap((line) => {
    const call = CALL.exec(line);
    return call === null ? [] : [words(line.slice(call.index + call[0].length))];
  });
}

/** Only what a person types: not what a command prints. */
function typedLines(info: string, text: string): readonly string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  if (info.startsWith('console')) return lines.filter((line) => line.startsWith('$ '));
  if (SHELL.test(info) || info === 'ini') return lines;
  return info === 'text' ? lines.filter((line) => /^[\d*]+ [\d*]+ /u.test(line)) : [];
}

function words(line: string): readonly string[] {
  const found = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const end = found.findIndex((word) => END_OF_CALL.test(word) || word.endsWith(';'));
  return end === -1 ? found : found.slice(0, end);
}
