/** Options before the command that decide nothing about which part of the program runs. */
const PLAIN = ['--json', '--quiet', '--verbose', '--no-color', '--dry-run', '--yes'];
/** Lines with one of these show a page or the version. */
const SHOWN = ['--help', '-h', '/?', '--version'];
const MOST_WORDS = 2;

/**
 * The command of a line, when it is one of those that are called all day and nothing else can be
 * meant; undefined for all other lines. It only says which part of the program to load: that reads
 * the line again, and tells what is wrong with it.
 *
 * @param hot - names that no other command's name begins with
 */
export function hotLine(argv: readonly string[], hot: readonly string[]): string | undefined {
  if (argv.some((word) => SHOWN.includes(word))) return undefined;
  const words: string[] = [];
  for (let index = 0; index < argv.length && words.length < MOST_WORDS; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--zone') index += 1;
    else if (!word.startsWith('-')) words.push(word);
    else if (!PLAIN.includes(word) && !word.startsWith('--zone=')) break;
  }
  return hot.find((name) => name === words[0] || name === words.join(' '));
}
