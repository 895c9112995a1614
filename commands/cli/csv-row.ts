import { escapeText } from './escape-text.js';

/**
 * One line of CSV (RFC 4180, without its line end). Text from outside is escaped; a cell that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvRow(cells: readonly string[]): string {
  return cells.map(cell).join(',');
}

function cell(text: string): string {
  const safe = escapeText(text);
  const plain = /^[=+\-@]/u.test(safe) || /^[\t\r]/u.test(text) ? `'${safe}` : safe;
  return /[",]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
