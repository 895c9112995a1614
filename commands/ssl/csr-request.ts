import { ZmintError } from '../../src/errors.js';
import type { KeySpec, RequestsWish } from '../../src/index.js';
import { subjectFields, type FieldsInput } from './subject-fields.js';

/** What was typed behind `ssl csr`. */
export interface CsrInput extends FieldsInput {
  readonly servers: readonly string[];
  readonly all: boolean;
  readonly cn: string | undefined;
  readonly key: KeySpec | undefined;
  readonly keyLength: KeySpec | undefined;
  readonly includeDns: boolean;
  readonly san: readonly string[];
  readonly waiting: boolean;
  readonly ca: boolean;
  readonly zip: string | undefined;
  readonly out: string | undefined;
}

/** The wish that the input means. Throws `usage` for options that contradict each other. */
export function requestsWish(input: CsrInput): RequestsWish {
  refuseContradictions(input);
  return {
    servers: input.servers,
    all: input.all,
    commonName: input.cn ?? null,
    fields: subjectFields(input),
    keySpec: input.key ?? input.keyLength ?? null,
    includeDns: input.includeDns,
    names: input.san,
  };
}

function refuseContradictions(input: CsrInput): void {
  const named = input.servers.length > 0;
  const contents = [input.cn, input.o, input.ou, input.l, input.st, input.c, input.key];
  const contradiction = [
    [named && input.all, '--all and the names of servers contradict each other'],
    [
      input.ca && (named || input.all || input.waiting || input.zip !== undefined),
      '--ca is about the request of the CA alone',
    ],
    [
      input.key !== undefined && input.keyLength !== undefined,
      '--key and --key-length say the same thing twice',
    ],
    [
      input.waiting &&
        [...contents, input.keyLength, input.san[0]].some((one) => one !== undefined),
      '--waiting hands out requests as they are; nothing can be changed in them',
    ],
  ].find(([holds]) => holds === true);
  if (contradiction !== undefined) {
    throw new ZmintError('usage', String(contradiction[1]), { hint: 'zmint help ssl csr' });
  }
}
