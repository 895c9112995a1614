import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from '../x509/certificate.js';
import { nameKey } from '../x509/name-key.js';
import type { CertificateTime } from '../x509/time.js';
import { isSelfIssued, sameCertificate } from './identity.js';
import type { Verify } from './path-input.js';
import type { Work } from './work.js';

/** What is signed: a certificate or a CRL. */
export interface Signed {
  readonly signatureAlgorithm: Uint8Array;
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
}

/** The certificates that a path may be made of; each signature is checked at most once. */
export interface Pool {
  isAnchor(certificate: Certificate): boolean;
  /** All with that subject, in the order given, anchors first. */
  named(subject: Certificate['subject']): readonly Certificate[];
  /** All that bear the issuer's name of a certificate, the most promising first. */
  issuersOf(certificate: Certificate): readonly Certificate[];
  /** Whether the issuer's key has signed; false as well when the budget is used up. */
  hasSigned(issuer: Certificate, signed: Signed, work: Work): boolean;
}

/** Opens the pool. Certificates that are given twice count once. */
export function createPool(input: {
  readonly anchors: readonly Certificate[];
  readonly untrusted: readonly Certificate[];
  readonly at: CertificateTime;
  readonly verify: Verify;
}): Pool {
  const { anchors, at } = input;
  const bySubject = groupBySubject([...anchors, ...input.untrusted]);
  const issuers = new WeakMap<Certificate, readonly Certificate[]>();
  const named = rememberingLookup((subject) => bySubject.get(nameKey(subject)) ?? []);
  const isAnchor = (one: Certificate): boolean =>
    anchors.some((anchor) => sameCertificate(anchor, one));
  const score = (issuer: Certificate, one: Certificate): number =>
    keyIdScore(issuer, one) +
    (isAnchor(issuer) ? 4 : 0) +
    (issuer.notBefore <= at && at <= issuer.notAfter ? 2 : 0) +
    (issuer.isCa && !isSelfIssued(issuer) ? 1 : 0);
  return {
    isAnchor,
    named,
    issuersOf: (one) => {
      const found = issuers.get(one) ?? sorted(named(one.issuer), (issuer) => score(issuer, one));
      issuers.set(one, found);
      return found;
    },
    hasSigned: rememberingVerifier(input.verify),
  };
}

/** What was asked for last is not worked out again: thousands of leaves have one issuer. */
function rememberingLookup(look: Pool['named']): Pool['named'] {
  let last: { readonly der: Uint8Array; readonly found: readonly Certificate[] } | undefined;
  return (subject) => {
    if (last === undefined || !equalBytes(last.der, subject.der)) {
      last = { der: subject.der, found: look(subject) };
    }
    return last.found;
  };
}

function groupBySubject(
  certificates: readonly Certificate[],
): ReadonlyMap<string, readonly Certificate[]> {
  const groups = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const key = nameKey(certificate.subject);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [certificate]);
    else if (!group.some((one) => sameCertificate(one, certificate))) group.push(certificate);
  }
  return groups;
}

function sorted(
  issuers: readonly Certificate[],
  score: (issuer: Certificate) => number,
): readonly Certificate[] {
  if (issuers.length < 2) return issuers;
  const scores = new Map(issuers.map((issuer) => [issuer, score(issuer)]));
  return [...issuers].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
}

/** Key identifiers say whom to try first, not whom to believe (RFC 4158 §3.5.12). */
function keyIdScore(issuer: Certificate, one: Certificate): number {
  if (one.authorityKeyId === null || issuer.subjectKeyId === null) return 8;
  return one.authorityKeyId === issuer.subjectKeyId ? 16 : 0;
}

/** Remembers by key, not by certificate: many certificates of one key cost one check. */
function rememberingVerifier(verify: Verify): Pool['hasSigned'] {
  const keys = new WeakMap<Certificate, string>();
  const answers = new WeakMap<Signed, Map<string, boolean>>();
  const keyOf = (certificate: Certificate): string => {
    const key = keys.get(certificate) ?? String.fromCharCode(...certificate.spki);
    keys.set(certificate, key);
    return key;
  };
  return (issuer, signed, work) => {
    const known = answers.get(signed) ?? new Map<string, boolean>();
    answers.set(signed, known);
    const key = keyOf(issuer);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    if (!work.spend('signatures')) return false;
    const { signatureAlgorithm, tbs, signature } = signed;
    const fresh = verify(issuer.spki, signatureAlgorithm, tbs, signature);
    known.set(key, fresh);
    return fresh;
  };
}
