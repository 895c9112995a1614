import type { Certificate } from './certificate.js';
import { EXTENSION } from './extension-oid.js';

/**
 * What is wrong with the names of an end entity's certificate made by zmint (I-10, RFC 5280
 * §4.2.1.6), in words: no names, a common name that is not among them, names twice, kinds of names
 * that zmint does not issue.
 */
export function lintNames(certificate: Certificate): readonly string[] {
  const names = [...certificate.dnsNames, ...certificate.ipAddresses];
  const san = certificate.extensions.find(({ oid }) => oid === EXTENSION.subjectAltName);
  if (san === undefined) return ['it has no subject alternative name'];
  const problems: string[] = [];
  if (names.length === 0) problems.push('the subject alternative name has no DNS name or address');
  for (const { type, value } of certificate.subject.attributes) {
    if (type === 'CN' && !names.includes(value)) {
      problems.push('the common name is not in the subject alternative name');
    }
  }
  if (new Set(names).size < names.length) problems.push('a name is written twice');
  if (certificate.emailAddresses.length + certificate.uris.length > 0) {
    problems.push('it names e-mail addresses or URIs');
  }
  const emptySubject = certificate.subject.attributes.length === 0;
  if (san.critical !== emptySubject) {
    problems.push('the subject alternative name is critical, or is not, against its subject');
  }
  return problems;
}

/**
 * Problems with the names of a certificate that is no server's: it may do without names beside its
 * subject, and name e-mail addresses and URIs.
 */
export function lintOtherNames(certificate: Certificate): readonly string[] {
  const { dnsNames, ipAddresses, emailAddresses, uris, subject } = certificate;
  const names = [...dnsNames, ...ipAddresses, ...emailAddresses, ...uris];
  const san = certificate.extensions.find(({ oid }) => oid === EXTENSION.subjectAltName);
  const problems: string[] = [];
  if (subject.attributes.length === 0) problems.push('it has an empty subject');
  if (san?.critical === true) problems.push('the subject alternative name is critical');
  if (san !== undefined && names.length === 0)
    problems.push('the subject alternative name has none of the names that zmint issues');
  if (new Set(names).size < names.length) problems.push('a name is written twice');
  return problems;
}
