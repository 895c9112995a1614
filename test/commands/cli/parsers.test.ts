import { describe, expect, test } from '@jest/globals';
import {
  duration,
  hostPort,
  keyLength,
  keySpec,
  moment,
  oneOf,
  text,
  when,
  wholeNumber,
} from '../../../commands/cli/parsers.js';
import { ZmintError } from '../../../src/errors.js';

const context = { now: 1_000_000, offsetAt: () => 0 };

describe('parsers', () => {
  test.each([
    ['keySpec', keySpec('EC:p-256', context), 'ec:P-256'],
    ['keyLength', keyLength('3072', context), 'rsa:3072'],
    ['when ready', when('ready', context), { when: 'ready' }],
    ['when now', when('now', context), { when: 'at', instant: 1_000_000 }],
    ['moment', moment('1h', context), 1_003_600],
    ['duration', duration('2w', context), 1_209_600],
    ['wholeNumber', wholeNumber(1, 10)('10', context), 10],
    ['oneOf', oneOf(['date', 'gate'])('GATE', context), 'gate'],
    ['hostPort', hostPort('web1.example.test:8443', context), 'web1.example.test:8443'],
    ['hostPort without port', hostPort('[2001:db8::7]', context), '[2001:db8::7]:443'],
    ['text', text('CN=x', context), 'CN=x'],
  ])('%s', (_name, value, expected) => {
    expect(value).toEqual(expected);
  });

  test.each([
    ['a key that is too short', () => keyLength('1024', context)],
    ['ready where an instant is needed', () => moment('ready', context)],
    ['eleven years', () => wholeNumber(1, 10)('11', context)],
    ['a number with a sign', () => wholeNumber(1, 10)('+1', context)],
    ['a hexadecimal number', () => wholeNumber(1, 99)('0x10', context)],
    ['a broken number', () => wholeNumber(1, 10)('1.5', context)],
    ['a word that is not in the list', () => oneOf(['date', 'gate'])('late', context)],
    ['an address with a path', () => hostPort('web1/x:443', context)],
    ['port 0', () => hostPort('web1:0', context)],
    ['no text', () => text('', context)],
    ['a NUL', () => text('a\0b', context)],
  ])('refuses %s', (_name, parse) => {
    expect(parse).toThrow(ZmintError);
  });
});
