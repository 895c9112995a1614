import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../src/errors.js';
import { expectRefused, hostileCharacters, type Refusal } from '../support/expect-refused.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { zmint } from '../support/run-program.js';
import { makeTestZone } from '../support/test-zone.js';
import { filesOf } from '../support/zone-state.js';

const PASSPHRASE = 'four words of peace';

let folder = '';
let zone = '';
let locked = '';
let secret = '';

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-bad-'));
  zone = join(folder, 'zone');
  locked = join(folder, 'locked');
  const now = Math.floor(Date.now() / 1000);
  const others = [{ name: 'web1', dnsName: 'web1.example.com' }];
  await makeTestZone({ zoneHome: zone, now }, others);
  await makeTestZone({ zoneHome: locked, now, passphrase: PASSPHRASE }, others);
  secret = passphraseFile('right', `${PASSPHRASE}\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function passphraseFile(name: string, text: string, mode = 0o600): string {
  const path = join(folder, `${name}.passphrase`);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

/** A copy of a zone, to be damaged. */
function copyOf(source: string): string {
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'zone');
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const ADD = ['--dns', 'x.example.com', '--yes'];

describe('names (I-6, I-23)', () => {
  test.each([
    ['a path upwards', '../x'],
    ['a path', 'a/b'],
    ['an absolute path', '/etc'],
    ['two dots', '..'],
    ['nothing', ''],
    ['300 characters', 'a'.repeat(300)],
    ['a label of 64', 'a'.repeat(64)],
    ['a look-alike', 'wеb1'],
    ['full-width letters', 'ｗｅｂ1'],
    ['a dotless i', 'wıb'],
    ['an escape sequence', 'web\u001b[31m'],
    ['a right-to-left override', 'web\u202e1'],
    ['a line feed', 'web\n1'],
    ['a blank', 'web 1'],
    ['an underscore', 'web_1'],
    ['a hyphen first', '-web'],
    ['a dot last', 'web.'],
    ['a tilde', '~root'],
    ['a variable', '$HOME'],
  ])('a server whose name is %s', async (_what, name) => {
    const isNoArgument = name === '' || name.startsWith('-');
    await expectRefused(
      zone,
      ['server', 'add', name, ...ADD],
      isNoArgument ? { status: 2, code: 'usage' } : { status: 24, code: 'policy' },
    );
  });

  test.each([
    ['an escape sequence', 'x\u001b]0;owned\u0007.example.com'],
    ['bidi marks', 'x\u2066.example.com'],
    ['a line feed', 'x.example.com\nevil.example.com'],
    ['a wildcard', '*.example.com'],
    ['an address', '192.0.2.7'],
    ['a scheme', 'https://x.example.com'],
    ['a port', 'x.example.com:443'],
    ['unicode', 'bücher.example.com'],
    ['254 octets', `${'a.'.repeat(126)}ab`],
  ])('a DNS name with %s', async (_what, dns) => {
    await expectRefused(zone, ['server', 'add', 'x', '--dns', dns, '--yes'], {
      status: 24,
      code: 'policy',
    });
  });

  test.each([
    ['an escape sequence', 'Zone\u001b[2J'],
    ['bidi marks', 'Zone \u202egnp.exe'],
    ['a line feed', 'Zone\nCN=Other'],
    ['59 characters', 'Z'.repeat(59)],
    ['nothing', ' '],
  ])('a common name of the CA with %s', async (_what, name) => {
    await expectRefused(
      zone,
      ['ssl', 'remint', '--ca', '--no-backup-check', '--common-name', name, '--yes'],
      {
        status: 2,
        code: 'usage',
      },
    );
  });

  test('a control character in what is only shown comes out escaped', async () => {
    const words = ['ssl', 'remint', 'web1', '--update-name', 'a\u001b[31mb\u202ec'];
    const run = await zmint(['--zone', copyOf(zone), ...words, '--yes']);
    expect(hostileCharacters(run.out + run.err)).toEqual([]);
  });
});

describe('passphrases (I-20, I-21)', () => {
  const remint = ['ssl', 'remint', '--ca', '--no-backup-check', '--yes', '--passphrase-file'];

  test.each<[string, () => string, number, ErrorCode]>([
    [
      'a wrong one',
      () => passphraseFile('wrong', 'five words of no peace\n'),
      12,
      'wrong-passphrase',
    ],
    ['an empty file', () => passphraseFile('empty', ''), 20, 'unreadable'],
    ['an empty line', () => passphraseFile('line', '\n'), 20, 'unreadable'],
    ['two lines', () => passphraseFile('two', `${PASSPHRASE}\nmore\n`), 20, 'unreadable'],
    [
      'a file for everybody',
      () => passphraseFile('wide', `${PASSPHRASE}\n`, 0o644),
      18,
      'unsafe-path',
    ],
    ['a link', () => linkTo(secret), 18, 'unsafe-path'],
    ['a folder', () => folder, 18, 'unsafe-path'],
    ['no file', () => join(folder, 'nowhere'), 17, 'not-found'],
    ['64 KiB', () => passphraseFile('long', 'x'.repeat(65_537)), 20, 'unreadable'],
    ['no UTF-8', () => latinFile(), 20, 'unreadable'],
  ])('%s', async (_what, file, status, code) => {
    await expectRefused(locked, [...remint, file()], { status, code, limitMs: 15_000 });
  });

  test('none at all, and nobody to ask', async () => {
    await expectRefused(locked, ['ssl', 'remint', '--ca', '--no-backup-check', '--yes'], {
      status: 2,
      code: 'question-unanswered',
    });
  });

  test('none at all when a server is added', async () => {
    await expectRefused(locked, ['server', 'add', 'x', ...ADD], {
      status: 2,
      code: 'question-unanswered',
    });
  });

  test('nine characters for a new zone', async () => {
    const home = join(folder, 'short');
    const file = passphraseFile('short', 'ninechars\n');
    const words = ['init', '--name', 'X', '--server', 'ca1', '--dns', 'ca1.example.com', '--yes'];
    const run = await zmint(['--zone', home, ...words, '--passphrase-file', file]);
    expect([run.status, run.err.includes('10 characters')]).toEqual([24, true]);
    expect(run.err + run.out).not.toContain('ninechars');
    expect((await zmint(['--zone', home, 'status'])).status).toBe(10);
    expect(filesOf(home)).toEqual([]);
    const again = await zmint(['--zone', home, ...words, '--passphrase-file', secret]);
    expect([again.status, again.err]).toEqual([0, again.err]);
  });

  function linkTo(target: string): string {
    const path = join(folder, 'link.passphrase');
    rmSync(path, { force: true });
    symlinkSync(target, path);
    return path;
  }

  function latinFile(): string {
    const path = join(folder, 'latin.passphrase');
    writeFileSync(path, Buffer.from('vier gute W\xf6rter\n', 'latin1'), { mode: 0o600 });
    return path;
  }
});

describe('what lies on disk is damaged (I-21, I-23)', () => {
  const damaged = { status: 19, code: 'damaged', broken: true } as const;

  test.each<[string, (home: string) => void, readonly string[]]>([
    [
      'no database',
      (home) => {
        writeFileSync(
          join(home, 'zone.db'),
          'this is no database, and long enough to be read'.repeat(99),
        );
        rmSync(join(home, 'zone.db-wal'), { force: true });
      },
      ['status'],
    ],
    [
      'a cut database',
      (home) => {
        settle(home);
        truncateSync(join(home, 'zone.db'), 5000);
      },
      ['server', 'list'],
    ],
    [
      'a cut CA key',
      (home) => {
        truncateSync(keyFile(home), 100);
      },
      ['ssl', 'remint', '--ca', '--no-backup-check', '--yes'],
    ],
    [
      'an empty CA key',
      (home) => {
        truncateSync(keyFile(home), 0);
      },
      ['ssl', 'remint', '--ca', '--no-backup-check', '--yes'],
    ],
    [
      'one changed character in the CA key',
      (home) => {
        const text = readFileSync(keyFile(home), 'latin1');
        const at = text.indexOf('"ciphertext":"') + 20;
        const other = text[at] === 'A' ? 'B' : 'A';
        writeFileSync(keyFile(home), text.slice(0, at) + other + text.slice(at + 1));
      },
      ['ssl', 'remint', '--ca', '--no-backup-check', '--yes'],
    ],
    [
      'the CA key of another zone',
      (home) => {
        copyFileSync(keyFile(locked), keyFile(home));
      },
      ['ssl', 'remint', '--ca', '--no-backup-check', '--yes'],
    ],
  ])('%s', async (_what, damage, words) => {
    const home = copyOf(zone);
    damage(home);
    await expectRefused(home, words, damaged);
  });

  /** Everything from the log is in the file itself once a writer has closed it. */
  function settle(home: string): void {
    for (const name of readdirSync(home)) if (/-(?:wal|shm)$/u.test(name)) rmSync(join(home, name));
  }

  function keyFile(home: string): string {
    return join(home, 'servers/ca1/certificate-authority/1/key.enc');
  }
});

describe('when (failures: clocks)', () => {
  const berlin = { options: { environment: { TZ: 'Europe/Berlin' } } };

  test.each<[string, string, Partial<Refusal>]>([
    ['the past', '2020-01-01T00:00:00Z', { status: 23, code: 'not-valid-then' }],
    ['30 February', '2027-02-30T12:00', {}],
    ['24 o’clock', '2027-02-01T24:00', {}],
    ['a day', '2027-03-01', { says: /not a moment/u }],
    ['a time that clocks skip', '2027-03-28T02:30', { ...berlin, says: /skip/u }],
    ['a time that clocks show twice', '2027-10-31T02:30', { ...berlin, says: /twice/u }],
    ['the far future', '9999-12-31T23:59:59Z', { status: 23, code: 'not-valid-then' }],
    ['more than the far future', '99999-12-31T23:59:59Z', {}],
    ['a duration without end', '99999999999d', {}],
    ['a negative duration', '-5d', {}],
    ['words', 'tomorrow', {}],
  ])('%s', async (_what, when, refusal) => {
    await expectRefused(zone, ['ssl', 'remint', '--all', `--activate-at=${when}`, '--yes'], {
      status: 2,
      code: 'usage',
      ...refusal,
    });
  });
});

describe('questions that nobody hears', () => {
  test.each([
    [['ssl', 'remint', '--ca', '--no-backup-check']],
    [['ssl', 'remint']],
    [['server', 'remove', 'web1']],
    [['server', 'set', 'web1', '--ip', '192.0.2.7']],
    [['server', 'add', 'x', '--dns', 'x.example.com']],
  ])('%j', async (words) => {
    await expectRefused(zone, words, { status: 2, code: expectedCode(words) });
  });

  function expectedCode(words: readonly string[]): ErrorCode {
    return words.length === 2 ? 'usage' : 'question-unanswered';
  }
});
