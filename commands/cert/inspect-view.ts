import { renderInstant, type InspectedItem, type Inspection } from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import { renderFields, renderTable, type Cell, type Surface } from '../cli/table.js';
import { itemFields } from './item-fields.js';
import { FORMAT_WORDS, kindWords, ownerWords } from './item-words.js';

/** What is in a file, for people: a line about it, a table when there are several things, then each. */
export function renderInspection(name: string, inspection: Inspection, surface: Surface): string {
  const { items, format, notes } = inspection;
  const head = `${escapeText(name)}: ${FORMAT_WORDS[format]}, ${contents(items)}\n`;
  return [
    head,
    ...notes.map((note) => `${surface.style.warning('note')}: ${escapeText(note)}\n`),
    ...(items.length > 1 ? ['\n', overview(items, surface)] : []),
    ...chainLines(inspection),
    ...items.map((item, index) => `\n${section(item, index, { inspection, surface })}`),
  ].join('');
}

function contents(items: readonly InspectedItem[]): string {
  const counts = new Map<string, number>();
  for (const { item } of items) {
    const words = kindWords(item);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const parts = [...counts].map(([words, count]) => counted(count, words));
  return parts.length === 0 ? 'nothing in it' : parts.join(', ');
}

function counted(count: number, words: string): string {
  if (count === 1 || words === 'damaged' || words === 'other') return `${count} ${words}`;
  return `${count} ${words}s`;
}

function overview(items: readonly InspectedItem[], surface: Surface): string {
  const rows = items.map((inspected, index): Cell[] => {
    const { item, weaknesses } = inspected;
    const bad = weaknesses.length > 0;
    return [
      String(index + 1),
      kindWords(item),
      item.alias ?? '',
      ownerWords(item),
      item.kind === 'certificate' ? renderInstant(item.certificate.notAfter) : '',
      bad ? { text: weaknesses.map(({ code }) => code).join(' '), dress: surface.style.bad } : '',
    ];
  });
  const columns = [
    { title: '#', align: 'right' },
    { title: 'KIND', whole: true },
    { title: 'ALIAS' },
    { title: 'OF' },
    { title: 'VALID TO', whole: true },
    { title: 'PROBLEMS' },
  ] as const;
  return renderTable(columns, rows, surface);
}

function chainLines({ items, chains }: Inspection): readonly string[] {
  if (chains.length === 0 || items.length < 2) return [];
  const lines = chains.map(({ members, end }) => {
    const path = members.map((member) => `#${member + 1}`).join(' <- ');
    const last = items[members.at(-1) ?? 0]?.item;
    if (end === 'root') return `chain: ${path} (a root)\n`;
    const issuer = last?.kind === 'certificate' ? last.certificate.issuer.text : '';
    return `chain: ${path} <- missing: ${escapeText(issuer)}\n`;
  });
  return ['\n', ...lines];
}

interface Whole {
  readonly inspection: Inspection;
  readonly surface: Surface;
}

function section(inspected: InspectedItem, index: number, { inspection, surface }: Whole): string {
  const { item, matches, weaknesses } = inspected;
  const { style } = surface;
  const where = item.where === '' ? '' : ` (${escapeText(item.where)})`;
  const number = inspection.items.length > 1 ? `#${index + 1} ` : '';
  const belongs = item.kind === 'key' ? 'belongs to' : 'its key is';
  const fields: (readonly [string, Cell])[] = [...itemFields(inspected)];
  if (matches.length > 0) {
    fields.push([belongs, matches.map((match) => `#${match + 1}`).join(', ')]);
  }
  for (const { words } of weaknesses) fields.push(['problem', { text: words, dress: style.bad }]);
  return `${style.strong(`${number}${kindWords(item)}`)}${where}\n${renderFields(fields, surface)}`;
}
