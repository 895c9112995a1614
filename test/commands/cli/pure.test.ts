import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXIT_STATUSES, exitStatus } from '../../../commands/cli/exit-status.js';
import { editDistance, nearest } from '../../../commands/cli/nearest.js';
import { chooseZoneHome } from '../../../commands/cli/zone-home.js';

describe('chooseZoneHome', () => {
  const anna = { flag: undefined, environment: {}, isRoot: false, userHome: () => '/home/anna' };
  test.each([
    ['--zone wins', { ...anna, flag: '/z', environment: { ZMINT_ZONE: '/e' } }, '/z'],
    ['ZMINT_ZONE', { ...anna, isRoot: true, environment: { ZMINT_ZONE: '/e' } }, '/e'],
    [
      'an empty ZMINT_ZONE',
      { ...anna, environment: { ZMINT_ZONE: '' } },
      '/home/anna/.local/share/zmint',
    ],
    ['root', { ...anna, isRoot: true, environment: { XDG_DATA_HOME: '/x' } }, '/var/opt/zmint'],
    ['XDG_DATA_HOME', { ...anna, environment: { XDG_DATA_HOME: '/x/' } }, '/x/zmint'],
    [
      'a relative XDG_DATA_HOME',
      { ...anna, environment: { XDG_DATA_HOME: 'x' } },
      '/home/anna/.local/share/zmint',
    ],
  ])('%s', (_name, facts, home) => {
    expect(chooseZoneHome(facts)).toBe(home);
  });
});

describe('nearest', () => {
  test.each([
    ['remnit', 'remint'],
    ['REMINT', 'remint'],
    ['stats', 'status'],
    ['x', undefined],
    ['completely-else', undefined],
  ])('%s means %s', (word, meant) => {
    expect(nearest(word, ['remint', 'status', 'rollback'])).toBe(meant);
  });

  test('the distance is one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('exit statuses', () => {
  test('stay within what commands.md leaves to each group', () => {
    for (const { status, meaning, hint } of Object.values(EXIT_STATUSES)) {
      expect([2, 50, 70, 130].includes(status) || (status >= 10 && status <= 40)).toBe(true);
      expect(meaning).toMatch(/^[^A-Z].*[^.]$/u);
      expect(hint).not.toBe('');
    }
  });

  test.each([
    ['no-zone', 10],
    ['busy', 11],
    ['wrong-passphrase', 12],
    ['operation-pending', 13],
    ['gate-not-satisfied', 14],
    ['too-late', 15],
    ['unknown-member', 16],
    ['not-found', 17],
    ['unsafe-path', 18],
    ['damaged', 19],
    ['unreadable', 20],
    ['key-mismatch', 21],
    ['chain-untrusted', 22],
    ['not-valid-then', 23],
    ['policy', 24],
    ['unreachable', 30],
    ['served-differs', 31],
    ['reload-failed', 32],
    ['storage', 33],
    ['partial', 40],
    ['not-available-yet', 50],
    ['bug', 70],
    ['interrupted', 130],
  ] as const)('%s is %d, for ever', (code, status) => {
    expect(exitStatus(code)).toBe(status);
  });
});
