import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createWarningLedger } from '../../../src/adapters/system/warning-ledger.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ZONE = '3f0f6c1e-61f0-4d53-9a3c-0d7b5c0a1b2c';
const OTHER = '11111111-61f0-4d53-9a3c-0d7b5c0a1b2c';

describe('the warning ledger', () => {
  let home: string;
  beforeEach(() => {
    home = temporaryFolder();
  });

  test('remembers for each zone, from one process to the next', () => {
    const ledger = createWarningLedger({ HOME: home });
    expect(ledger.lastWarned(ZONE)).toBeUndefined();
    ledger.warned(ZONE, 1_795_239_979);
    ledger.warned(ZONE, 1_795_239_980);
    expect(createWarningLedger({ HOME: home }).lastWarned(ZONE)).toBe(1_795_239_980);
    expect(ledger.lastWarned(OTHER)).toBeUndefined();
  });

  test('keeps one private file in ~/.local/state/zmint', () => {
    createWarningLedger({ HOME: home }).warned(ZONE, 7);
    const folder = join(home, '.local/state/zmint');
    expect(readdirSync(folder)).toEqual([`ca-expiry-warned-${ZONE}`]);
    expect(readFileSync(join(folder, `ca-expiry-warned-${ZONE}`), 'utf8')).toBe('7\n');
    expect(statSync(join(folder, `ca-expiry-warned-${ZONE}`)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('goes by XDG_STATE_HOME when that is an absolute path', () => {
    const state = join(home, 'state');
    createWarningLedger({ HOME: home, XDG_STATE_HOME: state }).warned(ZONE, 7);
    expect(readdirSync(join(state, 'zmint'))).toHaveLength(1);
    createWarningLedger({ HOME: home, XDG_STATE_HOME: 'relative' }).warned(ZONE, 7);
    expect(readdirSync(join(home, '.local/state/zmint'))).toHaveLength(1);
  });

  test.each([
    ['no home at all', () => ({})],
    ['a relative home', () => ({ HOME: 'home' })],
    ['a home that is a file', () => ({ HOME: '/dev/null' })],
    ['a home that does not exist and cannot', () => ({ HOME: '/proc/no-such-home' })],
    ['a home where nothing can be made', () => ({ HOME: '/proc/self' })],
  ])('is silent with %s', (_what, environment) => {
    const ledger = createWarningLedger(environment());
    expect(() => {
      ledger.warned(ZONE, 7);
    }).not.toThrow();
    expect(ledger.lastWarned(ZONE)).toBeUndefined();
  });

  test('writes nothing through a link in place of its folder', () => {
    const target = join(home, 'elsewhere');
    mkdirSync(target);
    mkdirSync(join(home, '.local/state'), { recursive: true });
    symlinkSync(target, join(home, '.local/state/zmint'));
    createWarningLedger({ HOME: home }).warned(ZONE, 7);
    expect(readdirSync(target)).toEqual([]);
  });

  test.each([['soon'], ['-7'], ['7.5'], [''], ['7\n8\n']])('takes %j for never', (text) => {
    const ledger = createWarningLedger({ HOME: home });
    ledger.warned(ZONE, 7);
    writeFileSync(join(home, '.local/state/zmint', `ca-expiry-warned-${ZONE}`), text);
    expect(ledger.lastWarned(ZONE)).toBeUndefined();
  });

  test('any other fault is an error', () => {
    const ledger = createWarningLedger({ HOME: home });
    mkdirSync(join(home, '.local/state/zmint', `ca-expiry-warned-${ZONE}`), { recursive: true });
    expect(() => {
      ledger.warned(ZONE, 7);
    }).toThrow(expect.objectContaining({ code: 'storage' }));
  });

  test.each([['../../etc/passwd'], ['a/b'], [''], ['..']])('refuses %j as an id', (zoneId) => {
    expect(() => {
      createWarningLedger({ HOME: home }).warned(zoneId, 7);
    }).toThrow(expect.objectContaining({ code: 'bug' }));
  });
});
