const ASCII = /^[\x20-\x7e]*$/u;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside made safe for a terminal, a table cell or a log line: control characters (C0,
 * C1), line breaks, everything that reorders or hides text (bidirectional controls, zero-width and
 * other format characters) and lone surrogates become `\x1b`, `\u202e`, `\u{e0041}`.
 */
export function escapeText(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
  });
}
