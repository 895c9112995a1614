import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from '../x509/certificate.js';
import { nameOf, problemOf, type ChainProblem } from './chain-problem.js';

/** Whether the signature over `data` is that of the key in `spki`; false for anything not understood. */
export type Verify = (
  spki: Uint8Array,
  algorithm: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** Who may have signed a certificate: all whose key did, or why there is none. */
export interface Issuers {
  readonly issuers: readonly Certificate[];
  readonly why: ChainProblem | undefined;
}

/** The certificates that a path may be made of, each signature checked at most once. */
export interface Candidates {
  isAnchor(certificate: Certificate): boolean;
  /** Anchors before intermediates, in the order given. */
  issuersOf(certificate: Certificate): Issuers;
}

/** More than any honest set of certificates needs; then candidates count as not having signed. */
const MOST_VERIFICATIONS = 200;

/** Opens the pool of anchors and intermediates. */
export function createCandidates(input: {
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly verify: Verify;
}): Candidates {
  const pool = [...input.anchors, ...input.intermediates];
  const known = new Map<Certificate, Issuers>();
  let verifications = 0;
  const signed = (issuer: Certificate, one: Certificate): boolean => {
    verifications += 1;
    if (verifications > MOST_VERIFICATIONS) return false;
    return input.verify(issuer.spki, one.signatureAlgorithm, one.tbs, one.signature);
  };
  const find = (one: Certificate): Issuers => {
    const named = pool.filter((issuer) => equalBytes(issuer.subject.der, one.issuer.der));
    const keyed = named.filter((issuer) => keyIdFits(issuer, one));
    const issuers = keyed.filter((issuer) => signed(issuer, one));
    return { issuers, why: issuers.length > 0 ? undefined : whyNone(one, named, keyed) };
  };
  return {
    isAnchor: (one) => input.anchors.some((anchor) => equalBytes(anchor.der, one.der)),
    issuersOf: (one) => {
      const found = known.get(one) ?? find(one);
      known.set(one, found);
      return found;
    },
  };
}

function keyIdFits(issuer: Certificate, one: Certificate): boolean {
  if (one.authorityKeyId === null || issuer.subjectKeyId === null) return true;
  return one.authorityKeyId === issuer.subjectKeyId;
}

function whyNone(
  one: Certificate,
  named: readonly Certificate[],
  keyed: readonly Certificate[],
): ChainProblem {
  const issuer = `"${one.issuer.text}"`;
  if (equalBytes(one.issuer.der, one.subject.der)) {
    return problemOf('chain-untrusted', one, 'is a root that is not trusted');
  }
  if (named.length === 0) {
    return problemOf(
      'chain-untrusted',
      one,
      `is issued by ${issuer}, whose certificate is missing`,
    );
  }
  const [candidate] = keyed;
  if (candidate === undefined) {
    const fact = `is issued by another key of ${issuer} than that of the certificates at hand`;
    return problemOf('chain-untrusted', one, fact);
  }
  return problemOf('chain-untrusted', one, `does not bear the signature of ${nameOf(candidate)}`);
}
