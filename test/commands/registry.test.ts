import { describe, expect, test } from '@jest/globals';
import { aliasesOf, type ReadyEntry } from '../../commands/cli/catalog.js';
import { findCommand } from '../../commands/cli/find-command.js';
import { commandPage } from '../../commands/cli/help-page.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS } from '../../commands/cli/read-globals.js';
import { PLAIN } from '../../commands/cli/style.js';
import { REGISTRY } from '../../commands/registry.js';

const ready = REGISTRY.filter((entry): entry is ReadyEntry => entry.kind === 'ready');

describe('the registry', () => {
  test('gives each name and alias to one command', () => {
    const names = REGISTRY.flatMap((entry) => [entry.name, ...aliasesOf(entry)]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('shortcuts lead to commands', () => {
    for (const entry of REGISTRY) {
      if (entry.kind !== 'shortcut') continue;
      expect(findCommand(REGISTRY, entry.means)).toMatchObject({ kind: 'command' });
    }
  });

  test.each(ready.map((entry) => [entry.name, entry] as const))(
    '%s is whole',
    async (_name, entry) => {
      const command = await entry.load();
      expect(command.name).toBe(entry.name);
      expect(command.summary).toBe(entry.summary);
      expect(command.summary).toMatch(/^[a-z].*[^.]$/u);
      expect(command.description).toMatch(/^[A-Z"].*\.$/su);
      expect(command.examples.length).toBeGreaterThan(0);
      const flags = Object.values(command.options).flatMap((option) =>
        option.short === undefined ? [option.flag] : [option.flag, option.short],
      );
      const taken = [...GLOBAL_OPTIONS, ...CHANGE_OPTIONS].map((option) => option.flag);
      expect(flags.filter((flag) => taken.includes(flag))).toEqual([]);
      expect(new Set(flags).size).toBe(flags.length);
      const kinds = Object.values(command.arguments).map((argument) => argument.kind);
      expect(kinds.slice(0, -1)).not.toContain('rest');
      expect(kinds.slice(kinds.indexOf('optional') + 1)).not.toContain(
        kinds.includes('optional') ? 'required' : 'none',
      );
      for (const line of commandPage(entry, command, { width: 80, style: PLAIN }).split('\n')) {
        if (!line.startsWith('  zmint ')) expect(line.length).toBeLessThanOrEqual(80);
      }
    },
  );

  test.each(ready.map((entry) => [entry.name, entry] as const))(
    'the examples of %s are lines that lead to it',
    async (_name, entry) => {
      const { examples } = await entry.load();
      for (const { line } of examples) {
        const [zmint, ...words] = line.split(' ');
        expect(zmint).toBe('zmint');
        const found = findCommand(REGISTRY, words);
        expect(found.kind === 'command' ? found.entry.name : found.kind).toBe(entry.name);
      }
    },
  );
});
