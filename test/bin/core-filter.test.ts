import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createCustodyContext } from '../../bin/custody-context.js';
import { createTokenContext } from '../../bin/token-context.js';

const FILTER = '/proc/self/coredump_filter';
const whenLinux = existsSync(FILTER) ? test : test.skip;

/** `ca restore` and `ca backup verify` open no zone: a passphrase is typed, keys are opened all the same. */
whenLinux.each([
  ['of a backup', () => createCustodyContext('test')],
  [
    'of a token',
    () => {
      createTokenContext({
        fd: undefined,
        file: undefined,
        ask: () => Promise.resolve(''),
      }).close();
    },
  ],
])('the keys %s stay out of core files', (_whose, open) => {
  writeFileSync(FILTER, '0x33');
  open();
  expect(readFileSync(FILTER, 'utf8').trim()).toBe('00000000');
});
