import type { Catalog } from '../../commands/cli/catalog.js';
import { defineCommand } from '../../commands/cli/command.js';
import { duration, keySpec, text, when, wholeNumber } from '../../commands/cli/parsers.js';
import { ZmintError } from '../../src/errors.js';

/** A command that changes something, with every kind of option and argument. */
const boatPaint = defineCommand({
  name: 'boat paint',
  summary: 'paint boats',
  description: 'Paints boats in one colour.\nThe old paint is gone afterwards.',
  arguments: {
    colour: { kind: 'required', value: 'COLOUR', summary: 'the colour to take', parse: text },
    boats: { kind: 'rest', value: 'BOAT', summary: 'the boats to paint', parse: text },
  },
  options: {
    all: { kind: 'flag', flag: '--all', short: '-a', summary: 'every boat' },
    noPrimer: { kind: 'flag', flag: '--no-primer', summary: 'without a first coat' },
    coats: {
      kind: 'value',
      flag: '--coats',
      value: 'N',
      summary: 'how many coats',
      parse: wholeNumber(1, 9),
    },
    key: { kind: 'value', flag: '--key', value: 'SPEC', summary: 'a key', parse: keySpec },
    at: { kind: 'value', flag: '--at', value: 'WHEN', summary: 'when', parse: when },
    dry: { kind: 'value', flag: '--dry', value: 'TIME', summary: 'for', parse: duration },
    stripe: {
      kind: 'list',
      flag: '--stripe',
      short: '-str',
      value: 'COLOUR',
      summary: 'a stripe',
      parse: text,
    },
    secret: { kind: 'flag', flag: '--secret-paint', summary: 'not shown', hidden: true },
  },
  changes: true,
  statuses: ['busy', 'partial'],
  examples: [{ line: 'zmint boat paint red --all', shows: 'everything red' }],
  async run(session, input) {
    const answer = await session.confirm({
      plan: `Paint ${input.boats.join(', ')} ${input.colour}`,
      question: 'Paint them?',
    });
    session.warn('the paint is wet');
    return {
      json: { ...input, answer, zoneHome: session.zoneHome },
      text: `${session.terminal.style.good(answer)}: ${input.colour}`,
      diagnostics: ['next: zmint boat show'],
    };
  },
});

/** A command that only looks, and can be told how to fail. */
const boatShow = defineCommand({
  name: 'boat show',
  summary: 'show a boat',
  description: 'Shows one boat.',
  arguments: {
    how: { kind: 'optional', value: 'HOW', summary: 'how to end', parse: text },
  },
  options: {},
  changes: false,
  statuses: ['not-found'],
  examples: [],
  async run(session, input) {
    if (input.how === 'hang') await new Promise<never>(() => undefined);
    if (input.how === 'crash') throw new TypeError('boat is\nundefined');
    if (input.how === 'ask') await session.ask.line('Which boat?');
    if (input.how === 'sunk') {
      throw new ZmintError('not-found', 'there is no boat "\u001b[31mred\u202e"', {
        hint: 'zmint boat list',
        details: { boat: '\u009b31m' },
      });
    }
    const status = input.how === 'partly' ? { status: 40 } : {};
    return { json: () => ({ boat: 'x\u202ey' }), text: () => 'a boat', ...status };
  },
});

/** A catalogue with each kind of entry. */
export const SAMPLE: Catalog = [
  {
    kind: 'ready',
    name: 'boat paint',
    summary: boatPaint.summary,
    aliases: ['paint-boat'],
    load: () => Promise.resolve(boatPaint),
  },
  {
    kind: 'ready',
    name: 'boat show',
    summary: boatShow.summary,
    load: () => Promise.resolve(boatShow),
  },
  {
    kind: 'ready',
    name: 'help',
    summary: 'explain a command',
    load: async () => (await import('../../commands/help.js')).help,
  },
  { kind: 'shortcut', name: 'redden', summary: 'paint red', means: ['boat', 'paint', 'red'] },
  { kind: 'coming', name: 'boat sail', summary: 'sail away', aliases: ['sail'] },
];
