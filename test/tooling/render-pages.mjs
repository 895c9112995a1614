// The pages of the help as they are for 80 columns without colours, made by what makes the others.
const SURFACE_WIDTH = 80;

/** Each page with the words that it is found by, and a name for its file. */
export async function renderPages({ REGISTRY, chooseStart, findCommand, helpText, PLAIN }) {
  const nouns = REGISTRY.map(({ name }) => name.split(' ')).flatMap((words) =>
    words.length > 1 ? [words[0]] : [],
  );
  const lines = new Set(['', ...nouns, ...REGISTRY.map(({ name }) => name)]);
  const pages = new Map();
  for (const line of lines) {
    const words = line === '' ? [] : line.split(' ');
    const start = chooseStart([...words, '--help'], REGISTRY);
    if (start.kind !== 'page') continue;
    const found = findCommand(REGISTRY, words);
    const text = await helpText(found, REGISTRY, { width: SURFACE_WIDTH, style: PLAIN });
    pages.set(start.page, text);
  }
  return [...pages].map(([words, text]) => ({
    words,
    file: `${words === '' ? 'zmint' : words.replaceAll(' ', '-')}.txt`,
    text,
  }));
}
