import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { primitiveTag, TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger } from '../encoding/der-values.js';

/** Stands for every policy (RFC 5280 §4.2.1.4). */
export const ANY_POLICY = '2.5.29.32.0';

/** A policy, and the kinds of its qualifiers, as object identifiers. */
export interface PolicyInformation {
  readonly policy: string;
  readonly qualifiers: readonly string[];
}

/** A policy of the issuer that stands for one of the subject (§4.2.1.5). */
export interface PolicyMapping {
  readonly issuerPolicy: string;
  readonly subjectPolicy: string;
}

/** After how many certificates each begins to hold; null: not said (§4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicit: number | null;
  readonly inhibitMapping: number | null;
}

/** §4.2.1.4. Throws `unreadable`, also for a policy that comes twice. */
export function readCertificatePolicies(value: DerElement): readonly PolicyInformation[] {
  const policies = listOf(value, 'certificatePolicies').map((element) => {
    const fields = fieldsOf(element, TAG.sequence, 'a policy');
    const policy = readOid(fields.next(TAG.oid, 'policy identifier'));
    const qualifiers = fields.maybe(TAG.sequence);
    fields.end();
    return { policy, qualifiers: qualifiers === undefined ? [] : qualifierKinds(qualifiers) };
  });
  if (new Set(policies.map(({ policy }) => policy)).size < policies.length) {
    throw derFault(value.offset, 'certificatePolicies name a policy twice');
  }
  return policies;
}

/** §4.2.1.5. Throws `unreadable`. */
export function readPolicyMappings(value: DerElement): readonly PolicyMapping[] {
  return listOf(value, 'policyMappings').map((element) => {
    const fields = fieldsOf(element, TAG.sequence, 'a policy mapping');
    const issuerPolicy = readOid(fields.next(TAG.oid, 'policy of the issuer'));
    const subjectPolicy = readOid(fields.next(TAG.oid, 'policy of the subject'));
    fields.end();
    return { issuerPolicy, subjectPolicy };
  });
}

/** §4.2.1.11. Throws `unreadable`, also when it constrains nothing. */
export function readPolicyConstraints(value: DerElement): PolicyConstraints {
  const fields = fieldsOf(value, TAG.sequence, 'policyConstraints');
  const explicit = fields.maybe(primitiveTag(0));
  const mapping = fields.maybe(primitiveTag(1));
  fields.end();
  if (explicit === undefined && mapping === undefined) {
    throw derFault(value.offset, 'policyConstraints constrain nothing');
  }
  return { requireExplicit: skipCount(explicit), inhibitMapping: skipCount(mapping) };
}

/** §4.2.1.14: after how many certificates anyPolicy no longer counts. Throws `unreadable`. */
export function readInhibitAnyPolicy(value: DerElement): number {
  return readSmallInteger(expectTag(value, TAG.integer, 'inhibitAnyPolicy'), 'inhibitAnyPolicy');
}

function listOf(value: DerElement, what: string): readonly DerElement[] {
  const list = childrenOf(expectTag(value, TAG.sequence, what));
  if (list.length === 0) throw derFault(value.offset, `${what} are empty`);
  return list;
}

function qualifierKinds(list: DerElement): readonly string[] {
  return listOf(list, 'policyQualifiers').map((element) => {
    const fields = fieldsOf(element, TAG.sequence, 'a policy qualifier');
    const kind = readOid(fields.next(TAG.oid, 'kind of qualifier'));
    fields.any('qualifier');
    fields.end();
    return kind;
  });
}

function skipCount(element: DerElement | undefined): number | null {
  if (element === undefined) return null;
  // IMPLICIT: readDer has not seen that it is an INTEGER.
  const [first, second] = element.content;
  if (first === undefined || (first === 0 && second !== undefined && second < 0x80)) {
    throw derFault(element.offset, 'a count of certificates is not minimal');
  }
  return readSmallInteger(element, 'a count of certificates');
}
