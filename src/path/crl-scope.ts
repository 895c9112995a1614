import type { Certificate } from '../x509/certificate.js';
import type { CertificateList } from '../x509/certificate-list.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import {
  ALL_REASONS,
  nameBelow,
  type DistributionPoint,
  type DistributionPointName,
  type IssuingDistributionPoint,
  type ReasonSet,
} from '../x509/distribution-point.js';
import type { GeneralName } from '../x509/general-name.js';
import { nameKey } from '../x509/name-key.js';
import { sameName } from './identity.js';

/** The point that a certificate without one has: the name of its issuer, every reason (RFC 5280 §6.3.3). */
export function implicitPoint(certificate: Certificate): DistributionPoint {
  const name = { full: [{ kind: 'directory', name: certificate.issuer } as const] };
  return { name, reasons: ALL_REASONS, crlIssuer: [] };
}

/**
 * For which reasons a CRL can speak about a certificate at one of its distribution points (RFC 5280
 * §6.3.3 (b) and (d)); undefined: its scope is another.
 */
export function reasonsInScope(
  crl: CertificateList,
  certificate: Certificate,
  point: DistributionPoint,
): ReasonSet | undefined {
  const own = crl.distributionPoint;
  if (!issuerFits(crl, certificate, point)) return undefined;
  if (own === null) return point.reasons;
  if (!kindFits(own, certificate) || !namesMeet(crl, certificate, point)) return undefined;
  return new Set([...point.reasons].filter((reason) => own.reasons.has(reason)));
}

/** Whether two CRLs speak about the same certificates (RFC 5280 §6.3.3 (c)). */
export function sameScope(a: CertificateList, b: CertificateList): boolean {
  if (!sameName(a.issuer, b.issuer)) return false;
  const [left, right] = [a.distributionPoint, b.distributionPoint];
  if (left === null || right === null) return left === right;
  return (
    left.onlyUserCerts === right.onlyUserCerts &&
    left.onlyCaCerts === right.onlyCaCerts &&
    left.onlyAttributeCerts === right.onlyAttributeCerts &&
    left.indirect === right.indirect &&
    [...ALL_REASONS].every((reason) => left.reasons.has(reason) === right.reasons.has(reason)) &&
    samePointName(pointKeys(left.name, a.issuer), pointKeys(right.name, b.issuer))
  );
}

/** The directory names among names. */
export function directoryNames(names: readonly GeneralName[]): readonly DistinguishedName[] {
  return names.flatMap((name) => (name.kind === 'directory' ? [name.name] : []));
}

/** Another issuer than that of the certificate must say that its CRL is indirect. */
function issuerFits(
  crl: CertificateList,
  certificate: Certificate,
  point: DistributionPoint,
): boolean {
  if (point.crlIssuer.length === 0) return sameName(certificate.issuer, crl.issuer);
  const named = directoryNames(point.crlIssuer).some((issuer) => sameName(issuer, crl.issuer));
  return named && crl.distributionPoint?.indirect === true;
}

function kindFits(own: IssuingDistributionPoint, { isCa }: Certificate): boolean {
  return !own.onlyAttributeCerts && !(isCa ? own.onlyUserCerts : own.onlyCaCerts);
}

function namesMeet(
  crl: CertificateList,
  certificate: Certificate,
  point: DistributionPoint,
): boolean {
  const own = crl.distributionPoint?.name ?? null;
  if (own === null) return true;
  const issuer = directoryNames(point.crlIssuer)[0] ?? certificate.issuer;
  const wanted = point.name ?? { full: point.crlIssuer };
  const keys = pointKeys(wanted, issuer);
  return [...pointKeys(own, crl.issuer)].some((key) => keys.has(key));
}

function samePointName(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}

function pointKeys(
  name: DistributionPointName | null,
  issuer: DistinguishedName,
): ReadonlySet<string> {
  if (name === null) return new Set();
  if ('full' in name) return new Set(name.full.map(generalNameKey));
  return new Set([`directory:${nameKey(nameBelow(issuer, name.relative))}`]);
}

function generalNameKey(name: GeneralName): string {
  if (name.kind === 'directory') return `directory:${nameKey(name.name)}`;
  if ('text' in name) return `${name.kind}:${name.text}`;
  return `${name.kind}:${('octets' in name ? name.octets : name.der).join(',')}`;
}
