import type { SubjectFields } from '../../src/index.js';

/** What was typed of the fields of a subject. */
export interface FieldsInput {
  readonly o: string | undefined;
  readonly ou: string | undefined;
  readonly l: string | undefined;
  readonly st: string | undefined;
  readonly c: string | undefined;
}

/** Nothing was typed of them. */
export const NO_FIELDS: FieldsInput = {
  ...{ o: undefined, ou: undefined, l: undefined, st: undefined, c: undefined },
};

/** The fields that were typed. */
export function subjectFields({ o, ou, l, st, c }: FieldsInput): SubjectFields {
  const fields = Object.entries({ O: o, OU: ou, L: l, ST: st, C: c });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Whether any of them was typed. */
export function hasFields(input: FieldsInput): boolean {
  return Object.keys(subjectFields(input)).length > 0;
}
