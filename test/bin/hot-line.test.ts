import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hotLine } from '../../bin/hot-line.js';
import { chooseStart } from '../../commands/cli/choose-start.js';
import { REGISTRY } from '../../commands/registry.js';

const HOT = ['status', 'check', 'ssl list', 'ssl resume', 'server list'];
const WORDS = [
  ...['status', 'check', 'ssl', 'list', 'resume', 'server', 'remint', 'help', 'web1', 'ssl list'],
  ...['--zone', '--zone=/z', '/z', '--json', '--quiet', '--verbose', '--no-color', '--yes'],
  ...['--dry-run', '--', '--help', '-h', '/?', '--version', '--warn', '30', '--state=active', '-z'],
  ...['--passphrase-fd', '3', '', '--zone='],
];

describe('lines that are called all day', () => {
  test.each([
    ['status', 'status'],
    ['--zone /z status --json', 'status'],
    ['ssl --zone /z resume --quiet', 'ssl resume'],
    ['check --warn 30', 'check'],
    ['ssl list --member web1', 'ssl list'],
    ['ssl remint', undefined],
    ['status --help', undefined],
    ['--passphrase-fd 3 status', undefined],
    ['-- status', undefined],
  ])('%s', (line, command) => {
    expect(hotLine(line.split(' '), HOT)).toBe(command);
  });

  test('are those that the whole program takes for the same command', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }), (argv) => {
        const hot = hotLine(argv, HOT);
        const start = chooseStart(argv, REGISTRY);
        // What is wrong with a line is told by either.
        const refused = start.kind === 'part' && start.part === '';
        if (hot !== undefined && !refused) expect(start).toEqual({ kind: 'part', part: hot });
      }),
      { numRuns: 500 },
    );
  });
});
