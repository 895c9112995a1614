import { toHex } from '../encoding/hex.js';
import type { Keys } from '../ports/keys.js';
import type { Certificate } from '../x509/certificate.js';
import { readSignatureAlgorithm } from '../x509/signature-algorithm.js';

/** A chain that certificates of a file form. */
export interface ArrangedChain {
  /** Positions in the list, from the one that issued nothing upwards. */
  readonly members: readonly number[];
  /** `root`: it ends in a certificate that signed itself. `missing`: the issuer of the last is not there. */
  readonly end: 'root' | 'missing';
}

/** Signatures that are checked at most, so that many certificates of one name cannot keep us. */
const MOST_CHECKS = 2000;

/**
 * Orders certificates into chains by names, key identifiers and signatures, whatever their dates: one
 * for each that issued no other. A certificate that is there twice counts once. Nothing is trusted.
 */
export function arrangeChains(
  certificates: readonly Certificate[],
  keys: Pick<Keys, 'verify'>,
): readonly ArrangedChain[] {
  const issuers = findIssuers(certificates, keys);
  const used = new Set([...issuers.values()].map(({ index }) => index));
  const placed = new Set<number>();
  const chains: ArrangedChain[] = [];
  for (const [start] of [...issuers].filter(([index]) => !used.has(index))) {
    chains.push(follow(start, issuers));
    for (const member of chains.at(-1)?.members ?? []) placed.add(member);
  }
  // What is left issued each other in a circle, or itself.
  for (const [start] of issuers) {
    if (placed.has(start)) continue;
    const chain = follow(start, issuers);
    for (const member of chain.members) placed.add(member);
    chains.push(chain);
  }
  return chains;
}

interface Issuer {
  /** Undefined: it is not there. */
  readonly index: number | undefined;
}

function follow(start: number, issuers: ReadonlyMap<number, Issuer>): ArrangedChain {
  const members = [start];
  for (;;) {
    const last = members.at(-1) ?? start;
    const next = issuers.get(last)?.index;
    if (next === undefined) return { members, end: 'missing' };
    if (members.includes(next)) return { members, end: next === last ? 'root' : 'missing' };
    members.push(next);
  }
}

function findIssuers(
  certificates: readonly Certificate[],
  keys: Pick<Keys, 'verify'>,
): ReadonlyMap<number, Issuer> {
  const bySubject = new Map<string, number[]>();
  const seen = new Set<string>();
  const distinct = [...certificates.entries()].filter(([, { der }]) => {
    const id = toHex(der);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
  for (const [index, { subject }] of distinct) {
    const name = toHex(subject.der);
    bySubject.set(name, [...(bySubject.get(name) ?? []), index]);
  }
  let checks = 0;
  const signed = (issuer: Certificate, subject: Certificate): boolean => {
    checks += 1;
    return checks <= MOST_CHECKS && isSignedBy(subject, issuer, keys);
  };
  return new Map(
    distinct.map(([index, certificate]) => {
      const candidates = bySubject.get(toHex(certificate.issuer.der)) ?? [];
      // Itself first: a root may have a cross-certificate beside it.
      const ordered = [...candidates].sort((a, b) => Number(b === index) - Number(a === index));
      const found = ordered.find((candidate) => {
        const issuer = certificates[candidate];
        return issuer !== undefined && idsFit(certificate, issuer) && signed(issuer, certificate);
      });
      return [index, { index: found }] as const;
    }),
  );
}

function idsFit({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): boolean {
  return authorityKeyId === null || subjectKeyId === null || authorityKeyId === subjectKeyId;
}

/** Where the algorithm is too old to be checked, names and identifiers must do; this is no validation. */
function isSignedBy(
  { signatureAlgorithm, tbs, signature }: Certificate,
  issuer: Certificate,
  keys: Pick<Keys, 'verify'>,
): boolean {
  if (readSignatureAlgorithm(signatureAlgorithm) === undefined) return true;
  return keys.verify(issuer.spki, signatureAlgorithm, tbs, signature);
}
