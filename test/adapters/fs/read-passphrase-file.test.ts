import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import {
  readPassphraseFd,
  readPassphraseFile,
} from '../../../src/adapters/fs/read-passphrase-file.js';
import { refusalOf } from '../../support/refusal-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { makePipe } from './make-pipe.js';

function fileWith(content: string | Uint8Array, mode = 0o600): string {
  const path = join(temporaryFolder(), 'pass');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function readFd(content: string | Uint8Array): string {
  const descriptor = openSync(fileWith(content), 'r');
  try {
    return Buffer.from(readPassphraseFd(descriptor)).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

const readFile = (content: string | Uint8Array): string =>
  Buffer.from(readPassphraseFile(fileWith(content))).toString('utf8');

describe.each([
  ['a file', readFile],
  ['a descriptor', readFd],
])('a passphrase from %s', (_, read) => {
  test.each([
    ['without line end', 'correct horse', 'correct horse'],
    ['with line feed', 'correct horse\n', 'correct horse'],
    ['with carriage return and line feed', 'correct horse\r\n', 'correct horse'],
    ['with white space around it', '  correct horse \t\n', '  correct horse \t'],
    ['decomposed', 'Zürich\n'.normalize('NFD'), 'Zürich'.normalize('NFC')],
    ['of 1024 bytes', `${'x'.repeat(1024)}\r\n`, 'x'.repeat(1024)],
  ])('%s is read', (_name, content, expected) => {
    expect(read(content)).toBe(expected);
  });

  test.each([
    ['that is empty', '', 'is empty'],
    ['that is only a line end', '\n', 'is empty'],
    ['of two lines', 'one\ntwo\n', 'more than one line'],
    ['with two line ends', 'one\n\n', 'more than one line'],
    ['with a carriage return inside', 'one\rtwo\n', 'more than one line'],
    ['with NUL', 'one\0two\n', 'NUL'],
    ['that is not UTF-8', Buffer.from('ff41', 'hex'), 'not UTF-8'],
    ['of 1025 bytes', `${'x'.repeat(1025)}\n`, 'more than 1024 bytes'],
    ['that is far too long', 'x'.repeat(100_000), 'more than 1026 bytes'],
  ])('%s is unreadable', (_name, content, message) => {
    expect(() => read(content)).toThrow(expect.objectContaining({ code: 'unreadable' }));
    expect(() => read(content)).toThrow(message);
  });
});

describe('the passphrase file itself', () => {
  const refused: readonly (readonly [string, () => string, string])[] = [
    ['open to the group', () => fileWith('x', 0o640), 'wider than 0600'],
    ['open to all', () => fileWith('x', 0o604), 'wider than 0600'],
    [
      'a link',
      () => {
        const path = fileWith('x');
        symlinkSync(path, `${path}.link`);
        return `${path}.link`;
      },
      'symbolic link',
    ],
    [
      'a second name',
      () => {
        const path = fileWith('x');
        linkSync(path, `${path}.link`);
        return path;
      },
      '2 names',
    ],
    [
      'a folder',
      () => {
        const path = join(temporaryFolder(), 'pass');
        mkdirSync(path, { mode: 0o600 });
        return path;
      },
      'is no file',
    ],
    [
      'a named pipe',
      () => {
        const path = join(temporaryFolder(), 'pass');
        makePipe(path);
        return path;
      },
      'is no file',
    ],
    ['a device', () => '/dev/zero', 'is no file'],
  ];

  test.each(refused)('is refused when it is %s', (_, arrange, message) => {
    const path = arrange();
    expect(() => readPassphraseFile(path)).toThrow(
      expect.objectContaining({ code: 'unsafe-path' }),
    );
    expect(() => readPassphraseFile(path)).toThrow(message);
  });

  test('is taken when it is only readable', () => {
    expect(Buffer.from(readPassphraseFile(fileWith('x', 0o400))).toString()).toBe('x');
  });

  test('is refused when it belongs to another user', () => {
    if (process.geteuid?.() !== 0) {
      process.stderr.write('SKIPPED: only root can give a file away\n');
      expect(process.env.CI ?? '').toBe('');
      return;
    }
    const path = fileWith('x');
    chownSync(path, 65_534, 65_534);
    expect(() => readPassphraseFile(path)).toThrow('belongs to user 65534');
  });

  test('is not-found when it is not there', () => {
    const folder = temporaryFolder();
    expect(refusalOf(() => readPassphraseFile(join(folder, 'none')))).toMatchObject({
      code: 'not-found',
      message: `the passphrase file ${folder}/none is not there`,
      hint: `ls -l ${folder}`,
    });
  });
});

test('a pipe whose writer is slow is waited for', async () => {
  const path = join(temporaryFolder(), 'pipe');
  makePipe(path);
  const writer = spawn('/bin/sh', [
    '-c',
    '(printf "correct "; sleep 0.2; echo horse) > "$1"',
    'sh',
    path,
  ]);
  const descriptor = openSync(path, 'r');
  try {
    expect(Buffer.from(readPassphraseFd(descriptor)).toString()).toBe('correct horse');
  } finally {
    closeSync(descriptor);
  }
  await new Promise((resolve) => writer.once('close', resolve));
});

test('a descriptor that is not open is an error of its own', () => {
  expect(refusalOf(() => readPassphraseFd(999))).toMatchObject({
    code: 'unreadable',
    message: 'nothing can be read from file descriptor 999 (EBADF)',
    hint: 'open it in the shell, behind the command: 999< FILE',
  });
});
