import { orNothing, text } from '../cli/parsers.js';

/** The administrator that old scripts name. zmint works on files, and needs nobody's password. */
export const SIGN_IN_OPTIONS = {
  user: {
    kind: 'value',
    flag: '--user',
    short: '-u',
    value: 'USER',
    summary: 'taken for the sake of old scripts; nobody needs to sign in',
    parse: text,
  },
  password: {
    kind: 'value',
    flag: '--password',
    short: '-p',
    value: 'PASSWORD',
    bare: true,
    summary: 'taken for the sake of old scripts, and forgotten',
    parse: orNothing(text),
  },
} as const;
