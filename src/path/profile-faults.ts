import type { Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { isSelfIssued } from './identity.js';
import type { PathProfile } from './path-input.js';
import type { Fault } from './path-problem.js';

type Marks = ReadonlyMap<string, boolean>;
type Rule = readonly [broken: boolean, section: string, fact: string];

/** Extensions that a conforming CA must mark critical, and those that it must not (RFC 5280 §4.2). */
const CRITICAL: readonly (readonly [oid: string, section: string, name: string])[] = [
  [EXTENSION.nameConstraints, '4.2.1.10', 'name constraints'],
  [EXTENSION.inhibitAnyPolicy, '4.2.1.14', 'inhibit anyPolicy'],
];
/** Those that RFC 3280 §4.2.1.10 and §4.2.1.12, or X.509, had left to the CA. */
const NEWLY_CRITICAL: typeof CRITICAL = [
  [EXTENSION.basicConstraints, '4.2.1.9', 'basic constraints of a CA'],
  [EXTENSION.policyConstraints, '4.2.1.11', 'policy constraints'],
];
const NOT_CRITICAL: readonly (readonly [oid: string, section: string, name: string])[] = [
  [EXTENSION.authorityKeyIdentifier, '4.2.1.1', 'the authority key identifier'],
  [EXTENSION.subjectKeyIdentifier, '4.2.1.2', 'the subject key identifier'],
  [EXTENSION.subjectDirectoryAttributes, '4.2.1.8', 'the subject directory attributes'],
  [EXTENSION.freshestCrl, '4.2.1.15', 'the freshest CRL'],
  [EXTENSION.authorityInfoAccess, '4.2.2.1', 'the authority information access'],
  [EXTENSION.subjectInfoAccess, '4.2.2.2', 'the subject information access'],
];

/**
 * What no conforming CA would have written into a certificate of version 3 (RFC 5280 §4): criticality,
 * missing key identifiers, empty names, serial numbers, constraints and usages of CAs in what is
 * none. Certificates of older versions can say nothing of this.
 */
export function profileFaults(
  certificate: Certificate,
  role: 'signed' | 'anchor',
  profile: PathProfile,
): readonly Fault[] {
  if (profile === 'tolerant') return [];
  const marks: Marks = new Map(certificate.extensions.map(({ oid, critical }) => [oid, critical]));
  const rules = [
    ...namingRules(certificate, role, marks),
    ...criticalRules(marks, neededMarks(certificate, profile)),
  ];
  if (certificate.version === 3) {
    if (!certificate.isCa) rules.push(...endEntityRules(certificate, marks));
    rules.push(...keyIdRules(certificate));
  }
  return rules
    .filter(([broken]) => broken)
    .map(([, section, fact]) => ({ code: 'profile', rfc: `RFC 5280 §${section}`, fact }));
}

function namingRules(
  certificate: Certificate,
  role: 'signed' | 'anchor',
  marks: Marks,
): readonly Rule[] {
  const { serial, issuer, subject, isCa } = certificate;
  const nameless = subject.attributes.length === 0;
  const sanCritical = marks.get(EXTENSION.subjectAltName) === true;
  return [
    // Old roots count from zero, and being trusted does not hang on their number.
    [role === 'signed' && /^0*$/u.test(serial), '4.1.2.2', 'has the serial number 0'],
    [issuer.attributes.length === 0, '4.1.2.4', 'has an empty issuer'],
    [nameless && isCa, '4.1.2.6', 'is a CA with an empty subject'],
    [
      nameless && !isCa && !sanCritical,
      '4.2.1.6',
      'has an empty subject, and no critical subject alternative name instead',
    ],
  ];
}

function criticalRules(marks: Marks, needed: typeof CRITICAL): readonly Rule[] {
  return [
    ...needed.map(([oid, section, name]): Rule => [
      marks.get(oid) === false,
      section,
      `has ${name} that are not critical`,
    ]),
    ...NOT_CRITICAL.map(([oid, section, name]): Rule => [
      marks.get(oid) === true,
      section,
      `marks ${name} critical`,
    ]),
  ];
}

function neededMarks({ isCa }: Certificate, profile: PathProfile): typeof CRITICAL {
  if (profile !== 'server') return CRITICAL;
  return [
    ...CRITICAL,
    ...NEWLY_CRITICAL.filter(([oid]) => isCa || oid !== EXTENSION.basicConstraints),
  ];
}

function endEntityRules({ keyUsage }: Certificate, marks: Marks): readonly Rule[] {
  const signs = keyUsage?.includes('keyCertSign') === true;
  return [
    [signs, '4.2.1.3', 'may sign certificates by its key usage and is no CA'],
    [marks.has(EXTENSION.nameConstraints), '4.2.1.10', 'has name constraints and is no CA'],
  ];
}

function keyIdRules(certificate: Certificate): readonly Rule[] {
  const { subjectKeyId, authorityKeyId, isCa } = certificate;
  return [
    [isCa && subjectKeyId === null, '4.2.1.2', 'is a CA without a subject key identifier'],
    [
      authorityKeyId === null && !isSelfIssued(certificate),
      '4.2.1.1',
      'has no authority key identifier',
    ],
  ];
}
