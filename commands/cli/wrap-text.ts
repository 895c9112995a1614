import { displayWidth } from './display-width.js';

const NO_BREAK = '\u00a0';

/**
 * Paragraphs broken at spaces to the width, each line behind the indent. A word longer than the
 * width stays whole. Without a line break at the end.
 */
export function wrapText(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map((paragraph) => wrapParagraph(paragraph, width - indent.length, indent))
    .join('\n');
}

function wrapParagraph(paragraph: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each) => (each === '' ? '' : indent + each)).join('\n');
}

/** Terms with their explanations beside them, both columns aligned, explanations wrapped. */
export function wrapTerms(
  terms: readonly (readonly [term: string, explanation: string])[],
  width: number,
): string {
  const column = Math.max(0, ...terms.map(([term]) => displayWidth(term))) + 4;
  const indent = ' '.repeat(Math.min(column, 34));
  return terms
    .map(([term, explanation]) => {
      const text = wrapText(explanation, width, indent).slice(indent.length);
      const head = `  ${term}`;
      const gap = indent.length - displayWidth(head);
      return gap >= 2 ? head + ' '.repeat(gap) + text : `${head}\n${indent}${text}`;
    })
    .join('\n');
}

/** Phrases with commas between them, indented by two, broken only between phrases. */
export function wrapPhrases(phrases: readonly string[], width: number): string {
  const glued = phrases.map((phrase) => phrase.replaceAll(' ', NO_BREAK)).join(', ');
  return wrapText(glued, width, '  ').replaceAll(NO_BREAK, ' ');
}
