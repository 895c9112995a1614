import { readDer } from '../encoding/der.js';
import type { CertificationRequest } from '../x509/certification-request.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { readSubjectAltName } from '../x509/subject-alt-name.js';
import { parseIssuedName, type IssuedName } from '../zone/issued-names.js';

/** The names in the SAN that a request asks for, judged as typed ones are. Throws `unreadable`, `policy`. */
export function requestedNames(request: CertificationRequest): readonly IssuedName[] {
  const asked = request.extensions.find(({ oid }) => oid === EXTENSION.subjectAltName);
  if (asked === undefined) return [];
  const names = readSubjectAltName(readDer(asked.value));
  return [
    ...names.dnsNames.map((name) => parseIssuedName(`dns:${name}`)),
    ...names.ipAddresses.map((name) => parseIssuedName(`ip:${name}`)),
    ...names.emailAddresses.map((name) => parseIssuedName(`email:${name}`)),
    ...names.uris.map((name) => parseIssuedName(`uri:${name}`)),
  ];
}
