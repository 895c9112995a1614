import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createPassphraseSource } from '../../bin/passphrase-source.js';
import type { PassphraseOptions } from '../../commands/cli/surroundings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
let folder = '';

beforeEach(() => {
  folder = temporaryFolder();
});

function secret(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** A person who gives these answers, one after the other. */
function person(...answers: readonly string[]): PassphraseOptions & { readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  return {
    fd: undefined,
    file: undefined,
    asked,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(left.shift() ?? '');
    },
  };
}

describe('the order of sources', () => {
  test('descriptor, file, credentials folder, person', async () => {
    secret('zone-ca', 'from credentials\n');
    const file = secret('file', 'from the file\n');
    const fd = openSync(secret('fd', 'from the descriptor'), 'r');
    try {
      const options = person('from a person');
      const all = createPassphraseSource({ ...options, fd, file }, folder);
      expect(text(await all.existing())).toBe('from the descriptor');
      const files = createPassphraseSource({ ...options, file }, folder);
      expect(text(await files.existing())).toBe('from the file');
      expect(text(await createPassphraseSource(options, folder).existing())).toBe(
        'from credentials',
      );
      expect(options.asked).toEqual([]);
      expect(text(await createPassphraseSource(options, undefined).existing())).toBe(
        'from a person',
      );
    } finally {
      closeSync(fd);
    }
  });

  test('a credentials folder without the credential leaves it to the person', async () => {
    const options = person('a person says');
    expect(text(await createPassphraseSource(options, folder).existing())).toBe('a person says');
  });

  test('a file that others can read is refused, not passed over', async () => {
    chmodSync(secret('zone-ca', 'from credentials\n'), 0o644);
    const options = person('a person says');
    const source = createPassphraseSource(options, folder);
    await expect(source.existing()).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(options.asked).toEqual([]);
  });
});

describe('one command', () => {
  test('reads once, and gives a copy each time', async () => {
    const options = person('a person says', 'something else');
    const source = createPassphraseSource(options, undefined);
    (await source.existing()).fill(0);
    expect(text(await source.existing())).toBe('a person says');
    expect(options.asked).toHaveLength(1);
    source.close();
    expect(text(await source.existing())).toBe('something else');
  });
});

describe('a new passphrase', () => {
  test('is asked for twice', async () => {
    const options = person('ten letters', 'ten letters');
    expect(text(await createPassphraseSource(options, undefined).fresh())).toBe('ten letters');
    expect(options.asked).toHaveLength(2);
  });

  test('is the same when it is written in another normal form', async () => {
    const options = person('Zu\u0308rich am See', 'Z\u00fcrich am See');
    expect(text(await createPassphraseSource(options, undefined).fresh())).toBe('Zürich am See');
  });

  test.each([
    ['two that differ', ['ten letters', 'ten lettres'], 'usage'],
    ['nine characters of many bytes', ['ééééééééé', 'ééééééééé'], 'policy'],
    ['nothing', ['', ''], 'policy'],
  ])('%s are refused', async (_name, answers, code) => {
    const source = createPassphraseSource(person(...answers), undefined);
    await expect(source.fresh()).rejects.toMatchObject({ code });
  });

  test('one that is too short is refused before it is typed again', async () => {
    const somebody = person('too short', 'too short');
    const source = createPassphraseSource(somebody, undefined);
    await expect(source.fresh()).rejects.toMatchObject({ code: 'policy' });
    expect(somebody.asked).toEqual(['New passphrase of the CA:']);
  });

  test('comes from a file too, and must be long enough there', async () => {
    const good = { ...person(), file: secret('good', '0123456789\n') };
    expect(text(await createPassphraseSource(good, undefined).fresh())).toBe('0123456789');
    const short = { ...person(), file: secret('short', '012345678\n') };
    await expect(createPassphraseSource(short, undefined).fresh()).rejects.toMatchObject({
      code: 'policy',
    });
  });
});
