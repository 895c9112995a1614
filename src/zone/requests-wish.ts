import type { NameAttributeType } from '../x509/attribute-types.js';
import type { KeySpec } from './key-spec.js';

/** The fields of a subject beside its common name. */
export type SubjectFields = Readonly<Partial<Record<Exclude<NameAttributeType, 'CN'>, string>>>;

/** What a person asked of signing requests. */
export interface RequestsWish {
  readonly servers: readonly string[];
  readonly all: boolean;
  /** For one server only; null: its DNS name. */
  readonly commonName: string | null;
  readonly fields: SubjectFields;
  readonly keySpec: KeySpec | null;
  /** All additional DNS names of the server; otherwise those that it has in its certificate of today. */
  readonly includeDns: boolean;
  /** More names for each: DNS names, also with a wildcard, and addresses. */
  readonly names: readonly string[];
}
