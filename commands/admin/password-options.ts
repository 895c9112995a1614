import type { ValueOption } from '../cli/command.js';
import { text, wholeNumber } from '../cli/parsers.js';

const FILE: ValueOption<string> = {
  kind: 'value',
  flag: '--password-file',
  value: 'FILE',
  summary: 'the password, in a file of yours with mode 0600',
  parse: text,
};
const DESCRIPTOR: ValueOption<number> = {
  kind: 'value',
  flag: '--password-fd',
  value: 'N',
  summary: 'the password, from an open descriptor',
  parse: wholeNumber(0, 1023),
};

/** Where a new password comes from; a person is asked without them. */
export const PASSWORD_OPTIONS = { passwordFile: FILE, passwordFd: DESCRIPTOR };
