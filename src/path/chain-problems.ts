import { equalBytes } from '../encoding/bytes.js';
import type { Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { formatTime, type CertificateTime } from '../x509/time.js';
import { problemOf, type ChainProblem } from './chain-problem.js';

/** Extensions whose meaning is respected here; others must not be critical (RFC 5280 §4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.basicConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.extendedKeyUsage,
]);

/**
 * What is wrong with a path whose names and signatures fit, leaf first and anchor last: dates, both
 * ends included; critical extensions; CA and keyCertSign bits; path lengths (RFC 5280 §6.1.3 and
 * §6.1.4). The anchor is judged as well, as OpenSSL does.
 */
export function chainProblems(
  path: readonly Certificate[],
  at: CertificateTime,
): readonly ChainProblem[] {
  return path.flatMap((certificate, index) => [
    ...dateProblems(certificate, at),
    ...extensionProblems(certificate),
    ...(index === 0 ? [] : signerProblems(certificate, path.slice(1, index), path.at(-1))),
  ]);
}

function dateProblems(certificate: Certificate, at: CertificateTime): readonly ChainProblem[] {
  const { notBefore, notAfter } = certificate;
  if (at < notBefore) {
    return [
      problemOf('not-valid-then', certificate, `is not valid before ${formatTime(notBefore)}`),
    ];
  }
  if (at > notAfter) {
    return [problemOf('not-valid-then', certificate, `is not valid after ${formatTime(notAfter)}`)];
  }
  return [];
}

function extensionProblems(certificate: Certificate): readonly ChainProblem[] {
  return certificate.extensions
    .filter(({ oid, critical }) => critical && !UNDERSTOOD.has(oid))
    .map(({ oid }) =>
      problemOf('policy', certificate, `has a critical extension ${oid} that zmint does not know`),
    );
}

/** `between`: the CAs from the leaf, not counted, up to this one, not counted. */
function signerProblems(
  certificate: Certificate,
  between: readonly Certificate[],
  anchor: Certificate | undefined,
): readonly ChainProblem[] {
  // Roots of version 1 have no way to say that they are CAs; being trusted says it.
  if (certificate.version === 1 && certificate === anchor) return [];
  const problems: ChainProblem[] = [];
  const { isCa, keyUsage, pathLength } = certificate;
  if (!isCa) problems.push(problemOf('policy', certificate, 'is not a CA'));
  if (keyUsage !== null && !keyUsage.includes('keyCertSign')) {
    problems.push(problemOf('policy', certificate, 'may not sign certificates'));
  }
  const followers = between.filter((one) => !isSelfIssued(one)).length;
  if (pathLength !== null && followers > pathLength) {
    const fact = `allows ${pathLength} CAs below itself, and there are ${followers}`;
    problems.push(problemOf('policy', certificate, fact));
  }
  return problems;
}

function isSelfIssued(certificate: Certificate): boolean {
  return equalBytes(certificate.subject.der, certificate.issuer.der);
}
