import type { Certificate } from '../x509/certificate.js';
import { isSelfIssued } from './identity.js';
import { nameConstraintFault } from './name-constraint-faults.js';
import { problemOf, type Fault, type PathProblem } from './path-problem.js';
import type { Work } from './work.js';

const ANY_PURPOSE = '2.5.29.37.0';

/** Where a certificate stands as the issuer of another. */
export interface IssuerPlace {
  /** The certificates below it, leaf first. */
  readonly below: readonly Certificate[];
  readonly isAnchor: boolean;
  /** The key purpose that is needed, if one is. */
  readonly eku: string | undefined;
}

/**
 * What forbids a certificate to stand above others in a path: it is no CA, may not sign, allows
 * fewer CAs below itself, is not for the purpose (RFC 5280 §6.1.4); or that it excludes their names.
 */
export function issuerProblems(
  issuer: Certificate,
  place: IssuerPlace,
  work: Work,
): readonly PathProblem[] {
  const own = [
    ...authorityFaults(issuer, place),
    ...lengthFaults(issuer, place.below),
    ...purposeFaults(issuer, place.eku),
  ];
  const names = nameProblems(issuer, place.below, work);
  return [...own.map((fault) => problemOf(issuer, fault)), ...names];
}

/** What forbids a certificate to be used for a purpose (RFC 5280 §4.2.1.12), as leaf or above it. */
export function purposeFaults(
  { extendedKeyUsage }: Certificate,
  eku: string | undefined,
): readonly Fault[] {
  if (eku === undefined || extendedKeyUsage === null) return [];
  if (extendedKeyUsage.includes(eku) || extendedKeyUsage.includes(ANY_PURPOSE)) return [];
  const fact = `is not for the purpose ${eku} by its extended key usage`;
  return [{ code: 'extended-key-usage', rfc: 'RFC 5280 §4.2.1.12', fact }];
}

function authorityFaults(issuer: Certificate, { isAnchor }: IssuerPlace): readonly Fault[] {
  // Roots of version 1 have no way to say that they are CAs; being trusted says it.
  if (issuer.version !== 3 && isAnchor) return [];
  const faults: Fault[] = [];
  if (!issuer.isCa) faults.push({ code: 'not-a-ca', rfc: 'RFC 5280 §6.1.4', fact: 'is not a CA' });
  if (issuer.keyUsage !== null && !issuer.keyUsage.includes('keyCertSign')) {
    const fact = 'may not sign certificates';
    faults.push({ code: 'key-usage', rfc: 'RFC 5280 §6.1.4', fact });
  }
  return faults;
}

function lengthFaults(
  { pathLength }: Certificate,
  below: readonly Certificate[],
): readonly Fault[] {
  if (pathLength === null) return [];
  const followers = below.slice(1).filter((one) => !isSelfIssued(one)).length;
  if (followers <= pathLength) return [];
  const fact = `allows ${pathLength} CAs below itself, and there are ${followers}`;
  return [{ code: 'path-length', rfc: 'RFC 5280 §4.2.1.9', fact }];
}

/** Of the certificates whose names are not allowed (RFC 5280 §6.1.3 (b) and (c)). */
function nameProblems(
  issuer: Certificate,
  below: readonly Certificate[],
  work: Work,
): readonly PathProblem[] {
  return below.flatMap((one, index) => {
    if (index > 0 && isSelfIssued(one)) return [];
    const fault = nameConstraintFault(one, issuer, work);
    return fault === undefined ? [] : [problemOf(one, fault)];
  });
}
