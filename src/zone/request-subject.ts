import { encodeDistinguishedName, type DistinguishedName } from '../x509/distinguished-name.js';
import type { SubjectFields } from './requests-wish.js';

/** From the widest to the narrowest, as certificates are written. */
const FIELD_ORDER = ['C', 'ST', 'L', 'O', 'OU'] as const;

/** The subject that a signing request asks for; without a common name when it is null. Throws `policy`. */
export function requestSubject(
  commonName: string | null,
  fields: SubjectFields,
): DistinguishedName {
  const cn = commonName === null ? [] : [{ type: 'CN' as const, value: commonName }];
  const others = FIELD_ORDER.flatMap((type) => {
    const value = fields[type];
    return value === undefined ? [] : [{ type, value }];
  });
  return encodeDistinguishedName([...others, ...cn]);
}

/** The fields of a subject beside its common name, as far as requests have them. */
export function subjectFieldsOf({ attributes }: DistinguishedName): SubjectFields {
  const known = attributes.filter(({ type }) => FIELD_ORDER.some((one) => one === type));
  return Object.fromEntries(known.map(({ type, value }) => [type, value]));
}
