/** The text as one word of a POSIX shell, quoted only when it must be: for hints that are typed. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
