import { aliasesOf, type Catalog, type Entry } from './catalog.js';
import type { CompletionNode, CompletionOption } from './manual.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS } from './read-globals.js';

/** Everything that can be completed, from the catalogue alone; commands to come are left out. */
export async function describeCompletion(catalog: Catalog): Promise<readonly CompletionNode[]> {
  const named = catalog.flatMap((entry) =>
    [entry.name, ...aliasesOf(entry)].map((name) => ({ name, entry })),
  );
  const ready = named.filter(({ entry }) => entry.kind !== 'coming');
  const nodes = new Map<string, CompletionNode>([['', { words: '', next: [], options: [] }]]);
  for (const { name, entry } of ready) {
    grow(nodes, name, entry.summary);
    const node = nodes.get(name);
    if (node !== undefined) nodes.set(name, { ...node, options: await optionsOf(entry, catalog) });
  }
  return [...nodes.values()];
}

function grow(nodes: Map<string, CompletionNode>, name: string, summary: string): void {
  const words = name.split(' ');
  for (const [index, word] of words.entries()) {
    const path = words.slice(0, index).join(' ');
    const node = nodes.get(path) ?? { words: path, next: [], options: [] };
    const whole = index === words.length - 1;
    if (!node.next.some((each) => each.word === word)) {
      const next = { word, summary: whole ? summary : `commands of ${word}` };
      nodes.set(path, { ...node, next: [...node.next, next] });
    }
  }
  if (!nodes.has(name)) nodes.set(name, { words: name, next: [], options: [] });
}

async function optionsOf(entry: Entry, catalog: Catalog): Promise<readonly CompletionOption[]> {
  const common = GLOBAL_OPTIONS.map((option) => ({
    flag: option.flag,
    takesValue: option.value !== undefined,
    summary: option.summary,
  }));
  if (entry.kind === 'coming') return common;
  const target = entry.kind === 'shortcut' ? meant(entry.means, catalog) : entry;
  if (target?.kind !== 'ready') return common;
  const command = await target.load();
  const own = Object.values(command.options)
    .filter((option) => option.hidden !== true)
    .map((option) => ({
      flag: option.flag,
      takesValue: option.kind !== 'flag',
      summary: option.summary,
    }));
  const changes = command.changes ? CHANGE_OPTIONS : [];
  return [...own, ...changes.map((option) => ({ ...option, takesValue: false })), ...common];
}

function meant(words: readonly string[], catalog: Catalog): Entry | undefined {
  const line = words.join(' ');
  return catalog.find((entry) => line === entry.name || line.startsWith(`${entry.name} `));
}
