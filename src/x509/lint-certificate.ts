import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from './certificate.js';
import { EXTENSION } from './extension-oid.js';
import { lintNames, lintOtherNames } from './lint-names.js';
import { TIME_STAMPING } from './purpose-names.js';
import { formatTime } from './time.js';

/** id-kp-serverAuth, RFC 5280 §4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const STRONG_KEYS = /^(?:ec:P-256|ec:P-384|ec:P-521|ed25519)$/u;
const STRONG_SIGNATURE =
  /^(?:sha(?:256|384|512)WithRSAEncryption|ecdsa-with-SHA(?:256|384|512)|ed25519)$/u;
const LEAST_RSA_BITS = 2048;
const LEAST_SERIAL_OCTETS = 16;
const MOST_SERIAL_OCTETS = 20;

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
]);

/** Where CRLs, the issuer and its responders are; never in a root. */
const POINTERS: ReadonlySet<string> = new Set([
  EXTENSION.crlDistributionPoints,
  EXTENSION.authorityInfoAccess,
]);

/**
 * `zone`: a CA of the zone or a server. `client`: issued to a person, a service or an agent.
 * `subordinate`: of a CA below that of the zone, which is held by others.
 */
export type IssuedRole = 'zone' | 'client' | 'subordinate';

/**
 * Every rule of I-7, I-9 and I-10 that a certificate made by zmint breaks, in
 * words; empty when it breaks none. `issuer` is the certificate itself for a root. Signatures are
 * judged by the caller.
 */
export function lintIssued(
  certificate: Certificate,
  issuer: Certificate,
  role: IssuedRole = 'zone',
): readonly string[] {
  return [
    ...lintSerial(certificate),
    ...lintValidity(certificate, issuer),
    ...lintStrength(certificate),
    ...lintIssuer(certificate, issuer),
    ...lintExtensions(certificate, issuer),
    ...lintRole(certificate, role),
  ];
}

function lintRole(certificate: Certificate, role: IssuedRole): readonly string[] {
  const shouldBeCa = role === 'subordinate';
  if (role !== 'zone' && certificate.isCa !== shouldBeCa)
    return [shouldBeCa ? 'it is no CA' : 'it is a CA'];
  return certificate.isCa ? lintCa(certificate, role) : lintEndEntity(certificate, role);
}

function lintSerial({ serial }: Certificate): readonly string[] {
  if (serial.startsWith('-')) return ['the serial number is negative'];
  const octets = serial.length / 2 + (/^[89a-f]/u.test(serial) ? 1 : 0);
  const fits = octets >= LEAST_SERIAL_OCTETS && octets <= MOST_SERIAL_OCTETS;
  return fits ? [] : [`the serial number takes ${octets} octets instead of 16 to 20`];
}

function lintValidity(certificate: Certificate, issuer: Certificate): readonly string[] {
  const { notBefore, notAfter } = certificate;
  return broken([
    [notBefore <= notAfter, 'the validity ends before it begins'],
    [!certificate.datesOfWrongForm, 'a date before 2050 is a GeneralizedTime'],
    [
      issuer.notBefore <= notBefore,
      `it is valid before its issuer is, which is from ${formatTime(issuer.notBefore)} on`,
    ],
    [
      notAfter <= issuer.notAfter,
      `it is valid longer than its issuer, which ends ${formatTime(issuer.notAfter)}`,
    ],
  ]);
}

/** Whether a key, as `describePublicKey` says it, may stand in a certificate of the zone (I-10). */
export function isStrongKey(key: string): boolean {
  const rsaBits = /^rsa:(\d+)$/u.exec(key)?.[1];
  return STRONG_KEYS.test(key) || Number(rsaBits) >= LEAST_RSA_BITS;
}

function lintStrength(certificate: Certificate): readonly string[] {
  const { key, signatureAlgorithmName: algorithm } = certificate;
  const strong = isStrongKey(key);
  return broken([
    [strong, `the key is ${key}: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519`],
    [STRONG_SIGNATURE.test(algorithm), `it is signed with ${algorithm}: not SHA-256 or better`],
  ]);
}

function lintIssuer(certificate: Certificate, issuer: Certificate): readonly string[] {
  const sameName = equalBytes(certificate.issuer.der, issuer.subject.der);
  const usage = issuer.keyUsage;
  return broken([
    [sameName, 'its issuer is not the subject of the certificate that signed it'],
    [issuer.isCa, 'it is signed by what is no CA'],
    [
      usage?.includes('keyCertSign') ?? false,
      'it is signed by a key that may not sign certificates',
    ],
    [certificate.subjectKeyId !== null, 'it has no subject key identifier'],
    [certificate.authorityKeyId !== null, 'it has no authority key identifier'],
    [
      certificate.authorityKeyId === issuer.subjectKeyId,
      'the authority key identifier is not the key identifier of the issuer',
    ],
    [
      !certificate.authorityHasIssuerAndSerial,
      'the authority key identifier names issuer and serial number too',
    ],
  ]);
}

function lintExtensions(certificate: Certificate, issuer: Certificate): readonly string[] {
  const own = equalBytes(certificate.der, issuer.der);
  const known = (oid: string): boolean =>
    KNOWN_EXTENSIONS.has(oid) ||
    (!own && POINTERS.has(oid)) ||
    (!own && certificate.isCa && oid === EXTENSION.nameConstraints);
  const strange = certificate.extensions.filter(({ oid }) => !known(oid));
  const critical = (oid: string): boolean =>
    certificate.extensions.some((extension) => extension.oid === oid && extension.critical);
  return broken([
    [certificate.version === 3, `it is of version ${certificate.version}`],
    [certificate.basicConstraintsCritical, 'basic constraints are missing or not critical'],
    [critical(EXTENSION.keyUsage), 'key usage is missing or not critical'],
    [!critical(EXTENSION.subjectKeyIdentifier), 'the subject key identifier is critical'],
    [!critical(EXTENSION.authorityKeyIdentifier), 'the authority key identifier is critical'],
    [![...POINTERS].some(critical), 'where its CRL or issuer is found is critical'],
    [
      critical(EXTENSION.nameConstraints) ||
        !certificate.extensions.some(({ oid }) => oid === EXTENSION.nameConstraints),
      'name constraints are not critical',
    ],
    [strange.length === 0, `it has extensions that zmint does not make: ${oids(strange)}`],
  ]);
}

function lintCa(certificate: Certificate, role: IssuedRole): readonly string[] {
  const usage = certificate.keyUsage ?? [];
  return broken([
    [
      role === 'subordinate' || certificate.pathLength === null,
      'a CA of the zone has a path length constraint',
    ],
    [
      role === 'zone' || certificate.pathLength !== null,
      'a subordinate CA has no path length constraint',
    ],
    [usage.includes('keyCertSign'), 'a CA may not sign certificates'],
    [usage.includes('cRLSign'), 'a CA may not sign CRLs'],
    [usage.length <= 2, `a CA has further key usages: ${usage.join(', ')}`],
    [certificate.subject.attributes.length > 0, 'a CA has an empty subject'],
  ]);
}

function lintEndEntity(certificate: Certificate, role: IssuedRole): readonly string[] {
  const usage = certificate.keyUsage ?? [];
  const isServer = certificate.extendedKeyUsage?.includes(SERVER_AUTH) ?? false;
  return [
    ...broken([
      [usage.includes('digitalSignature'), 'key usage lacks digital signature'],
      [!usage.includes('keyCertSign'), 'key usage allows an end entity to sign certificates'],
      [!usage.includes('cRLSign'), 'key usage allows an end entity to sign CRLs'],
      [certificate.extendedKeyUsage !== null, 'extended key usage is missing'],
    ]),
    ...lintTimeStamping(certificate),
    ...(role === 'client' && !isServer ? lintOtherNames(certificate) : lintNames(certificate)),
  ];
}

/** RFC 3161 §2.3: the one purpose, critical, of a key that signs and does nothing else. */
function lintTimeStamping(certificate: Certificate): readonly string[] {
  const { extendedKeyUsage, keyUsage, extensions } = certificate;
  if (extendedKeyUsage?.includes(TIME_STAMPING) !== true) return [];
  const critical = extensions.some(
    (extension) => extension.oid === EXTENSION.extendedKeyUsage && extension.critical,
  );
  return broken([
    [extendedKeyUsage.length === 1, 'a certificate for time stamps has further purposes'],
    [critical, 'the extended key usage of a certificate for time stamps is not critical'],
    [keyUsage?.join() === 'digitalSignature', 'the key for time stamps does more than sign'],
  ]);
}

function oids(extensions: readonly { readonly oid: string }[]): string {
  return extensions.map(({ oid }) => oid).join(', ');
}

/** The words of the rules that do not hold. */
function broken(
  rules: readonly (readonly [holds: boolean, otherwise: string])[],
): readonly string[] {
  return rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}
