import { ZmintError } from '../../src/errors.js';
import type { Parse } from '../cli/command.js';

/** `op-3`, as `zmint status` shows it. Throws `usage` for other text. */
const operationId: Parse<string> = (word) => {
  const id = word.toLowerCase();
  if (/^op-\d{1,9}$/u.test(id)) return id;
  throw new ZmintError('usage', `"${word}" is no operation`, {
    hint: 'as op-3; zmint status shows it',
  });
};

/** `--operation ID`, for commands that must know which operation is meant when several run. */
export const OPERATION_OPTION = {
  kind: 'value',
  flag: '--operation',
  value: 'ID',
  summary: 'which operation is meant, when several run',
  parse: operationId,
} as const;
