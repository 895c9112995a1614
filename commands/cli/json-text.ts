const UNSAFE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * JSON on one line, or indented, in which characters that a terminal would act upon are written as
 * `\uXXXX`: the same document, safe to look at. Ends with a line break.
 */
export function jsonText(document: unknown, indented: boolean): string {
  const text = JSON.stringify(document, null, indented ? 2 : undefined);
  return `${text.replace(UNSAFE, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
