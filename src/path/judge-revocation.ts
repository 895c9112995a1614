import type { Certificate } from '../x509/certificate.js';
import type { CertificateList, RevokedCertificate } from '../x509/certificate-list.js';
import type { DistributionPoint } from '../x509/distribution-point.js';
import { ALL_REASONS } from '../x509/distribution-point.js';
import { pathExtensionsOf } from '../x509/path-extensions.js';
import { formatTime, type CertificateTime } from '../x509/time.js';
import { findEntry } from './crl-entries.js';
import { crlFault, freshnessFault } from './crl-faults.js';
import { implicitPoint, reasonsInScope, sameScope } from './crl-scope.js';
import type { PathProfile } from './path-input.js';
import { problemOf, type PathProblem } from './path-problem.js';
import type { Strength } from './strength.js';

/** The CRLs at hand, and by what they are judged. */
export interface RevocationInput {
  readonly crls: readonly CertificateList[];
  readonly at: CertificateTime;
  readonly strength: Strength;
  readonly profile: PathProfile;
  /** Whose valid key has signed a CRL, to be asked for one path; undefined: nobody's. */
  readonly findSigner: FindSigner;
}

/** Who may sign CRLs, has signed this one, and has a path of its own to the anchor of the path. */
export type FindSigner = (
  crl: CertificateList,
  path: readonly Certificate[],
) => Certificate | undefined;

/** Reasons of RFC 5280 §5.3.1 in words. */
const REASONS: readonly string[] = [
  'no reason given',
  'key compromise',
  'CA compromise',
  'affiliation changed',
  'superseded',
  'cessation of operation',
  'on hold',
  '',
  'removed from the CRL',
  'privilege withdrawn',
  'AA compromise',
];
const REMOVED = 8;

/** What the CRLs say about one certificate. */
type Status =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly entry: RevokedCertificate }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Every certificate below the anchor that is revoked, or of which the CRLs at hand do not say for
 * every reason that it is not (RFC 5280 §6.3.3).
 */
export function judgeRevocation(
  path: readonly Certificate[],
  input: RevocationInput,
): readonly PathProblem[] {
  return path.slice(0, -1).flatMap((certificate, index) => {
    const status = statusOf(certificate, path.slice(index), input);
    if (status.kind === 'good') return [];
    const rfc = 'RFC 5280 §6.3.3';
    if (status.kind === 'unknown') {
      const fact = `cannot be shown not to be revoked: ${status.why}`;
      return [problemOf(certificate, { code: 'revocation-unknown', rfc, fact })];
    }
    const { revokedAt, reason } = status.entry;
    const fact = `was revoked at ${formatTime(revokedAt)} (${REASONS[reason] ?? reason})`;
    return [problemOf(certificate, { code: 'revoked', rfc, fact })];
  });
}

function statusOf(
  certificate: Certificate,
  path: readonly Certificate[],
  input: RevocationInput,
): Status {
  const points = [
    ...(pathExtensionsOf(certificate).distributionPoints ?? []),
    implicitPoint(certificate),
  ];
  const questions = points.flatMap((point) =>
    input.crls.map((crl): Question => ({ crl, certificate, point, path })),
  );
  const covered = new Set<number>();
  let why = `there is no CRL of "${certificate.issuer.text}" for it`;
  for (const question of questions) {
    const answer = ask(question, input);
    if (answer === undefined) continue;
    if ('why' in answer) {
      why = `the CRL of "${question.crl.issuer.text}" ${answer.why}`;
      continue;
    }
    if (answer.entry !== undefined) return { kind: 'revoked', entry: answer.entry };
    for (const reason of answer.reasons) covered.add(reason);
  }
  if (covered.size === ALL_REASONS.size) return { kind: 'good' };
  return {
    kind: 'unknown',
    why: covered.size > 0 ? 'the CRLs do not speak for every reason' : why,
  };
}

interface Question {
  readonly crl: CertificateList;
  readonly certificate: Certificate;
  readonly point: DistributionPoint;
  readonly path: readonly Certificate[];
}

/** What a complete CRL, with its delta if there is one, answers; undefined: it is not for this certificate. */
function ask(
  { crl, certificate, point, path }: Question,
  input: RevocationInput,
):
  | undefined
  | { readonly why: string }
  | { readonly entry: RevokedCertificate | undefined; readonly reasons: ReadonlySet<number> } {
  if (crl.baseCrlNumber !== null) return undefined;
  const reasons = reasonsInScope(crl, certificate, point);
  if (reasons === undefined || reasons.size === 0) return undefined;
  const fault = crlFault(crl, input.strength, input.profile);
  if (fault !== undefined) return { why: fault };
  const stale = freshnessFault(crl, input.at);
  const deltas = deltasOf(crl, input);
  if (stale !== undefined && deltas.length === 0) return { why: stale };
  const signer = input.findSigner(crl, path);
  if (signer === undefined) return { why: 'is not signed by anybody who may sign it' };
  const delta = deltas.find((one) => input.findSigner(one, path) === signer);
  if (stale !== undefined && delta === undefined) return { why: stale };
  return { entry: entryOf(crl, delta, certificate), reasons };
}

/** Fresh deltas of a CRL (RFC 5280 §5.2.4, §6.3.3 (c)), the latest first. */
function deltasOf(crl: CertificateList, input: RevocationInput): readonly CertificateList[] {
  const number = crl.crlNumber;
  if (number === null) return [];
  return input.crls
    .filter(
      (delta) =>
        delta.baseCrlNumber !== null &&
        compareNumbers(delta.baseCrlNumber, number) <= 0 &&
        compareNumbers(number, delta.crlNumber ?? '') < 0 &&
        delta.authorityKeyId === crl.authorityKeyId &&
        sameScope(delta, crl) &&
        crlFault(delta, input.strength, input.profile) === undefined &&
        freshnessFault(delta, input.at) === undefined,
    )
    .sort((a, b) => compareNumbers(b.crlNumber ?? '', a.crlNumber ?? ''));
}

function entryOf(
  crl: CertificateList,
  delta: CertificateList | undefined,
  certificate: Certificate,
): RevokedCertificate | undefined {
  const newer = delta === undefined ? undefined : findEntry(delta, certificate);
  if (newer !== undefined) return newer.reason === REMOVED ? undefined : newer;
  return findEntry(crl, certificate);
}

/** Two numbers as hexadecimal without leading zeros in front of whole octets. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
