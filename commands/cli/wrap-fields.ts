import { escapeText } from './escape-text.js';
import { labelledLines } from './labelled-lines.js';
import { PLAIN } from './style.js';
import { wrapText } from './wrap-text.js';

/** Labels with values beside them, for plans: wrapped, without colours. Values are raw text; those that are empty are left out. */
export function wrapFields(
  fields: readonly (readonly [label: string, value: string])[],
  width: number,
): string {
  return labelledLines(
    fields.map(([label, value]) => [label, value === '' ? [] : [value]]),
    { width, style: PLAIN },
  );
}

/** Points of a list, each behind a dash and wrapped. They are raw text. Empty without points. */
export function wrapPoints(points: readonly string[], width: number): string {
  return points
    .map((point) => `- ${wrapText(escapeText(point), width, '  ').trimStart()}\n`)
    .join('');
}
