import { ZmintError } from '../errors.js';

const NAME = /^[a-z][a-z0-9._-]{0,63}$/u;

/** An administrator's name. Throws `policy` unless it is 1 to 64 of a-z, 0-9, ".", "_" and "-", a letter first. */
export function parseAdministratorName(text: string): string {
  if (NAME.test(text)) return text;
  throw new ZmintError('policy', `"${text}" is no name for an administrator`, {
    hint: 'use 1 to 64 of a-z, 0-9, ".", "_" and "-", a letter first',
  });
}
