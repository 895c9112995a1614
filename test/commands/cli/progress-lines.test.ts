import { describe, expect, test } from '@jest/globals';
import { createProgressLines } from '../../../commands/cli/progress-lines.js';
import { progressText } from '../../../commands/cli/progress-text.js';
import { FakeOutput } from '../../support/fake-surroundings.js';

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

  test('the rate is that of the last while, not of the whole time', () => {
    const { err, at } = rig(false);
    for (let second = 1; second <= 20; second += 1) at(second, second);
    for (let second = 21; second <= 50; second += 1) at(second, 20 + (second - 20) * 10);
    expect(err.text.trim().split('\n').at(-1)).toBe('zmint: minting 320 of 1000, 10/s, 68 s left');
  });

  test('it falls while nothing happens', () => {
    const { err, progress, at } = rig(false);
    at(4, 40);
    for (let now = 5; now <= 40; now += 0.5) {
      at(now, 40);
      const waiting = { type: 'waiting', what: 'reload', members: ['web1', 'web2'] } as const;
      progress.report({ ...waiting, step: 'minting', seconds: now });
    }
    const lines = err.text.trim().split('\n');
    expect(lines[1]).toContain('40 of 1000, 4.0/s, 4 min left, waiting 10 s for');
    expect(lines.at(-1)).toContain('40 of 1000, 1.0/s');
  });

  test('a wait is named as long as it is told', () => {
    const { err, progress, at } = rig(true);
    at(2, 100);
    const waiting = { type: 'waiting', what: 'reload', members: ['web1'] } as const;
    progress.report({ ...waiting, step: 'minting', seconds: 5 });
    err.text = '';
    at(2.5, 101);
    expect(err.text).toContain('waiting 5 s for the reload of web1');
    err.text = '';
    at(4, 102);
    expect(err.text).not.toContain('waiting');
  });

  test('a next batch of the same step goes on with its rate', () => {
    const { err, progress, at } = rig(false);
    at(4, 400);
    progress.report({ type: 'end', step: 'minting' });
    progress.report({ type: 'begin', step: 'minting', total: 1000, done: 400 });
    at(5, 500);
    expect(err.text).toBe('zmint: minting 500 of 1000, 100/s, 5 s left\n');
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
});

describe('progressText', () => {
  const state = { name: 'activate', done: 12, total: 1000, rate: 3.24 };
  const wait = (count: number) => ({
    what: 'reload' as const,
    members: Array.from({ length: count }, (_, index) => `web${index + 1}`),
    seconds: 7,
  });

  test.each([
    ['nothing done', { ...state, done: 0, rate: 0 }, 'activate 0 of 1000, 0.0/s'],
    ['a rate', state, 'activate 12 of 1000, 3.2/s, 6 min left'],
    ['minutes', { ...state, rate: 1 }, 'activate 12 of 1000, 1.0/s, 17 min left'],
    ['hours', { ...state, rate: 0.1 }, 'activate 12 of 1000, 0.1/s, 3 h left'],
    [
      'one that is waited for',
      { ...state, rate: 0, wait: wait(1) },
      'activate 12 of 1000, 0.0/s, waiting 7 s for the reload of web1',
    ],
    [
      'two',
      { ...state, rate: 0, wait: wait(2) },
      'activate 12 of 1000, 0.0/s, waiting 7 s for the reload of web1 and 1 other',
    ],
    [
      'a handshake',
      { ...state, rate: 0, wait: { ...wait(4), what: 'handshake' as const } },
      'activate 12 of 1000, 0.0/s, waiting 7 s for a handshake with web1 and 3 others',
    ],
  ])('%s', (_what, given, text) => {
    expect(progressText(given)).toBe(text);
  });

  test.each([
    [80, 'activate 12 of 1000, 6 min left, waiting 7 s for the reload of web1 and 3 others'],
    [79, 'activate 12 of 1000, waiting 7 s for the reload of web1 and 3 others'],
    [40, 'activate 12 of 1000, waiting 7 s for th…'],
  ])('what fits into %d columns', (columns, text) => {
    expect(progressText({ ...state, wait: wait(4) }, columns).length).toBeLessThanOrEqual(columns);
    expect(progressText({ ...state, wait: wait(4) }, columns)).toBe(text);
  });

  test('a name is escaped', () => {
    const odd = { ...wait(1), members: ['a\u001b'] };
    expect(progressText({ ...state, wait: odd })).toContain('a\\x1b');
  });
});
