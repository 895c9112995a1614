import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from './certificate.js';
import { EXTENSION } from './extension-oid.js';
import { extensionWords } from './extension-words.js';
import { formatTime, type CertificateTime } from './time.js';

/** Something that is wrong with a certificate, or will be soon. */
export interface Weakness {
  /** Stable, for scripts: `expired`. */
  readonly code: string;
  /** For people, a phrase; text from the certificate in it is to be escaped. */
  readonly words: string;
}

const DAY = 86_400;
const SOON_DAYS = 30;
/** Apple's rule for TLS servers of any CA (support article HT210176). */
const MOBILE_DAYS = 825;
const LEAST_RSA_BITS = 2048;
const STRONG_KEY =
  /^(?:ec:(?:P-256|P-384|P-521|brainpoolP(?:256|384|512)r1|secp256k1)|ed25519|ed448)$/u;
const WEAK_SIGNATURE = /^(?:md|sha1|dsa-with-sha1|ecdsa-with-SHA1)/u;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';
const HOST_NAME =
  /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/iu;

type Rule = readonly [broken: boolean, code: string, words: string];

/**
 * What is wrong with a certificate by itself at an instant, whatever path it may be in: dates,
 * strength, names, contradictions. Empty when nothing is.
 */
export function findWeaknesses(
  certificate: Certificate,
  now: CertificateTime,
): readonly Weakness[] {
  const rules = [
    ...dateRules(certificate, now),
    ...strengthRules(certificate),
    ...roleRules(certificate),
    ...(isServer(certificate) ? serverRules(certificate) : []),
    ...extensionRules(certificate),
  ];
  return rules.flatMap(([broken, code, words]) => (broken ? [{ code, words }] : []));
}

/** Whether issuer and subject are the same name. */
function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return equalBytes(issuer.der, subject.der);
}

function dateRules(certificate: Certificate, now: CertificateTime): readonly Rule[] {
  const { notBefore, notAfter, datesOfWrongForm } = certificate;
  const soon = notAfter >= now && notAfter - now < SOON_DAYS * DAY;
  return [
    [notAfter < now, 'expired', `it expired at ${formatTime(notAfter)}`],
    [soon, 'expires-soon', `it expires at ${formatTime(notAfter)}`],
    [notBefore > now, 'not-yet-valid', `it is not valid before ${formatTime(notBefore)}`],
    [notAfter < notBefore, 'dates-reversed', 'its validity ends before it begins'],
    [datesOfWrongForm, 'dates-of-wrong-form', 'a date before 2050 is a GeneralizedTime'],
  ];
}

function strengthRules(certificate: Certificate): readonly Rule[] {
  const { key, signatureAlgorithmName: algorithm, serial, version } = certificate;
  const bits = /^rsa(?:-pss)?:(\d+)$/u.exec(key)?.[1];
  const strong = bits === undefined ? STRONG_KEY.test(key) : Number(bits) >= LEAST_RSA_BITS;
  const weakSignature = WEAK_SIGNATURE.test(algorithm) && !isSelfIssued(certificate);
  return [
    [!strong, 'weak-key', `its key is ${key}`],
    [weakSignature, 'weak-signature', `it is signed with ${algorithm}`],
    [/^(?:00)*$/u.test(serial), 'serial-zero', 'its serial number is zero'],
    [serial.startsWith('-'), 'serial-negative', 'its serial number is negative'],
    [version !== 3, 'old-version', `it is of version ${version}`],
  ];
}

function roleRules(certificate: Certificate): readonly Rule[] {
  const { isCa, keyUsage, basicConstraintsCritical, subjectKeyId, authorityKeyId } = certificate;
  const signs = keyUsage?.includes('keyCertSign') ?? false;
  const namesServers = certificate.dnsNames.length + certificate.ipAddresses.length > 0;
  const lacksAuthority = authorityKeyId === null && !isSelfIssued(certificate);
  return [
    [isCa && namesServers, 'ca-names-servers', 'it is a CA and yet has the names of servers'],
    [isCa && keyUsage !== null && !signs, 'ca-may-not-sign', 'it is a CA that may not sign'],
    [!isCa && signs, 'leaf-signs', 'it may sign certificates and is no CA'],
    [
      isCa && !basicConstraintsCritical,
      'ca-not-critical',
      'its basic constraints are not critical',
    ],
    [
      isCa && subjectKeyId === null,
      'no-subject-key-id',
      'it is a CA without subject key identifier',
    ],
    [lacksAuthority, 'no-authority-key-id', 'it has no authority key identifier'],
  ];
}

function isServer({ isCa, extendedKeyUsage }: Certificate): boolean {
  if (isCa) return false;
  return (
    extendedKeyUsage === null ||
    extendedKeyUsage.includes(SERVER_AUTH) ||
    extendedKeyUsage.includes(ANY_PURPOSE)
  );
}

function serverRules(certificate: Certificate): readonly Rule[] {
  const { dnsNames, ipAddresses, notBefore, notAfter, subject } = certificate;
  const others = [...certificate.emailAddresses, ...certificate.uris];
  const names = [...dnsNames, ...ipAddresses];
  const common = subject.attributes.find(({ type }) => type === 'CN')?.value;
  const covered = dnsNames.some((name) => name.toLowerCase() === common?.toLowerCase());
  const unlisted = common !== undefined && HOST_NAME.test(common) && !covered;
  const odd = dnsNames.find((name) => !HOST_NAME.test(name) && !/^[a-z0-9-]+$/iu.test(name));
  return [
    [
      names.length + others.length === 0,
      'no-alternative-name',
      'it has no subject alternative name, which browsers and zmint require',
    ],
    [
      names.length > 0 && unlisted && !ipAddresses.includes(common),
      'common-name-unlisted',
      'its common name is not among its alternative names',
    ],
    [odd !== undefined, 'odd-name', `"${odd ?? ''}" is no DNS name`],
    [
      notAfter - notBefore >= MOBILE_DAYS * DAY,
      'too-long-for-mobile',
      `it is valid for more than ${MOBILE_DAYS} days, which mobile devices refuse in servers`,
    ],
  ];
}

const JUDGED: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.crlDistributionPoints,
  EXTENSION.freshestCrl,
]);
const POISON = '1.3.6.1.4.1.11129.2.4.3';

function extensionRules({ extensions }: Certificate): readonly Rule[] {
  return extensions.flatMap((extension): readonly Rule[] => {
    const { oid, critical } = extension;
    const { name, damage } = extensionWords(extension);
    const unknown = critical && !JUDGED.has(oid) && oid !== POISON;
    const called = name ?? oid;
    return [
      [unknown, 'unknown-critical', `zmint does not know its critical extension ${called}`],
      [oid === POISON, 'precertificate', 'it is a precertificate, not a certificate'],
      [damage !== null, 'damaged-extension', `its ${called} cannot be read: ${damage ?? ''}`],
    ];
  });
}
