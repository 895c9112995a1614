import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { askTwice } from '../../../commands/cli/ask-twice.js';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine } from '../../support/command-line.js';

/** Who answers so, and what was asked. */
function person(...answers: readonly string[]) {
  const left = [...answers];
  const asked: string[] = [];
  const given: Uint8Array[] = [];
  const askSecret = (question: string): Promise<Uint8Array> => {
    asked.push(question);
    const secret = new TextEncoder().encode(left.shift() ?? '');
    given.push(secret);
    return Promise.resolve(secret);
  };
  return { askSecret, asked, given };
}

const ASKED = { question: 'New:', plural: 'passphrases' };

describe('a new secret', () => {
  test('is typed twice', async () => {
    const { askSecret, asked, given } = person('four words', 'four words');
    const secret = await askTwice({ askSecret }, ASKED);
    expect(new TextDecoder().decode(secret)).toBe('four words');
    expect(asked).toEqual(['New:', 'The same again:']);
    expect(given[1]?.every((octet) => octet === 0)).toBe(true);
  });

  test('that differs is refused, and both are wiped', async () => {
    const { askSecret, given } = person('four words', 'five words');
    await expect(askTwice({ askSecret }, ASKED)).rejects.toMatchObject({ code: 'usage' });
    expect(given.flatMap((secret) => [...secret]).every((octet) => octet === 0)).toBe(true);
  });
});

describe('one that is too short is refused after the first entry', () => {
  test.each([
    ['zmint ca backup out/zone.age', /New passphrase of the backup/u],
    ['zmint admin add ann --privilege admin', /New password/u],
  ])('%s', async (line, question) => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    mkdirSync(join(at.zoneHome, '../out'));
    // A second question would wait for ever.
    const answers = [
      { to: question, keys: 'short\r' },
      { to: /\?/u, keys: 'y\r' },
    ];
    const { status, err } = await at.run(`${line} --yes`, answers);
    expect({ status, said: err.includes('has fewer than 10 characters') }).toEqual({
      status: 24,
      said: true,
    });
  });
});
