import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXIT_STATUSES, exitStatus } from '../../../commands/cli/exit-status.js';
import { editDistance, nearest } from '../../../commands/cli/nearest.js';
import { createProgressLines, progressText } from '../../../commands/cli/progress-lines.js';
import { chooseZoneHome } from '../../../commands/cli/zone-home.js';
import { FakeOutput } from '../../support/fake-surroundings.js';

describe('chooseZoneHome', () => {
  const anna = { flag: undefined, environment: {}, isRoot: false, userHome: '/home/anna' };
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

describe('progress', () => {
  function rig(isTerminal: boolean, quiet = false) {
    const err = new FakeOutput();
    err.isTerminal = isTerminal;
    let now = 0;
    const progress = createProgressLines({ err, quiet, elapsed: () => now });
    const at = (seconds: number, done: number): void => {
      now = seconds;
      progress.report({ type: 'advance', step: 'minting', done });
    };
    progress.report({ type: 'begin', step: 'minting', total: 1000 });
    return { err, progress, at };
  }

  test('work of less than a second is silent', () => {
    const { err, progress, at } = rig(true);
    at(0.5, 500);
    at(0.9, 1000);
    progress.report({ type: 'end', step: 'minting' });
    expect(err.text).toBe('');
  });

  test('on a terminal one line is drawn anew and taken away', () => {
    const { err, progress, at } = rig(true);
    at(2, 100);
    at(2.05, 102);
    at(4, 200);
    progress.report({ type: 'end', step: 'minting' });
    expect(err.text).toBe(
      '\r\u001b[Kminting 100 of 1000, 50/s, 18 s left' +
        '\r\u001b[Kminting 200 of 1000, 50/s, 16 s left\r\u001b[K',
    );
  });

  test('elsewhere there is a line every five seconds', () => {
    const { err, at } = rig(false);
    for (let second = 1; second <= 12; second += 1) at(second, second * 10);
    expect(err.text).toBe(
      'zmint: minting 50 of 1000, 10/s, 95 s left\nzmint: minting 100 of 1000, 10/s, 90 s left\n',
    );
  });

  test('a member that failed is told at once, its text escaped', () => {
    const { err, progress } = rig(false);
    const event = { type: 'member', step: 's', member: 'web1', text: 'no\u001b' } as const;
    progress.report({ ...event, ok: true });
    progress.report({ ...event, ok: false });
    expect(err.text).toBe('zmint: web1: no\\x1b\n');
  });

  test('--quiet says nothing', () => {
    const { err, progress, at } = rig(false, true);
    at(60, 10);
    progress.report({ type: 'member', step: 's', member: 'web1', ok: false, text: 'x' });
    expect(err.text).toBe('');
  });

  test.each([
    [0, 'x 0 of 10, 0.0/s'],
    [5, 'x 5 of 10, 0.5/s, 10 s left'],
  ])('at %d', (done, line) => {
    expect(progressText('x', done, 10, 10)).toBe(line);
  });

  test('long times are minutes and hours', () => {
    expect(progressText('x', 1, 1000, 1)).toContain('17 min left');
    expect(progressText('x', 1, 10_000, 1)).toContain('3 h left');
  });
});
