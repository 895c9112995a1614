import { userInfo } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { currentActor } from '../../../src/adapters/system/actor.js';

const name = userInfo().username;
const asRoot = process.geteuid?.() === 0;

describe('currentActor', () => {
  test('is the user of the operating system', () => {
    expect(currentActor({})).toBe(name);
  });

  test('says who used sudo, if root', () => {
    expect(currentActor({ SUDO_USER: 'anna' })).toBe(asRoot ? `${name} (sudo by anna)` : name);
  });

  test.each([
    ['', 'nobody'],
    ['anna)\n2026 root', 'a forged line'],
    ['\u001b[31manna', 'a terminal escape'],
    ['a'.repeat(100), 'no user name is so long'],
  ])('leaves out a SUDO_USER of %j: %s', (sudoUser) => {
    expect(currentActor({ SUDO_USER: sudoUser })).toBe(name);
  });
});
