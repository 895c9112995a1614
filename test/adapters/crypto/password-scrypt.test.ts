import { scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createScryptPasswords } from '../../../src/adapters/crypto/password-scrypt.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const CHEAP = createScryptPasswords({ N: 2 ** 15, r: 8, p: 1 });

describe('passwords by scrypt', () => {
  test('cost 32 MiB three times over when nothing is said', async () => {
    const { N, r, p } = await createScryptPasswords().hash(bytes('four words of peace'));
    expect({ N, r, p }).toEqual({ N: 2 ** 15, r: 8, p: 3 });
  });

  test('are what RFC 7914 says, with a salt of their own', async () => {
    const [one, two] = [
      await CHEAP.hash(bytes('zwölf Äpfel')),
      await CHEAP.hash(bytes('zwölf Äpfel')),
    ];
    expect(one.salt).not.toBe(two.salt);
    const salt = Buffer.from(one.salt, 'base64');
    const options = { N: one.N, r: one.r, p: one.p, maxmem: 2 ** 26 };
    expect(salt).toHaveLength(16);
    expect(one.hash).toBe(scryptSync('zwölf Äpfel', salt, 32, options).toString('base64'));
  });

  test('are told apart, also one made with another cost', async () => {
    const hash = await CHEAP.hash(bytes('four words of peace'));
    expect(await CHEAP.verify(bytes('four words of peace'), hash)).toBe(true);
    expect(await CHEAP.verify(bytes('four words of pease'), hash)).toBe(false);
    expect(await createScryptPasswords().verify(bytes('four words of peace'), hash)).toBe(true);
  });

  test('nobody’s is always wrong, and takes a derivation too', async () => {
    const started = process.cpuUsage();
    expect(await CHEAP.verify(bytes('four words of peace'), undefined)).toBe(false);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeGreaterThan(10);
  });

  test.each([
    { N: 2 ** 14 },
    { N: 2 ** 21 },
    { N: 2 ** 15 + 1 },
    { r: 7 },
    { p: 0 },
    { p: 17 },
    { p: 1.5 },
  ])('a cost of %p is damaged', async (cost) => {
    const hash = { ...(await CHEAP.hash(bytes('four words of peace'))), ...cost };
    await expect(CHEAP.verify(bytes('x'), hash)).rejects.toMatchObject({ code: 'damaged' });
  });
});
