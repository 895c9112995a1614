import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import { parseExpectedName } from '../path/expected-name.js';
import { nameFault } from '../path/match-name.js';
import type { ChainRequest } from '../ports/chain-fetcher.js';
import type { OutsideContext } from '../ports/context.js';
import { atPlace } from '../x509/at-place.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { findWeaknesses } from '../x509/find-weaknesses.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';

/** Which of the certificates that a server sends are wanted. */
export type Wanted = 'own' | 'chain' | 'top';

/** A server, and what is wanted of it. */
export interface FetchRequest extends ChainRequest {
  readonly wanted: Wanted;
  readonly now: Instant;
}

/** A certificate that a server sent, and what it is. */
export interface FetchedCertificate {
  readonly certificate: Certificate;
  readonly fingerprint: Fingerprint;
  /** `root`: a self-signed CA. `issued`: another key has signed it. */
  readonly kind: 'self-signed' | 'root' | 'issued';
  /** The place of its issuer in the list; null: it was not sent, or it is self-signed. */
  readonly issuerAt: number | null;
  /** What is wrong with it by itself, in words. */
  readonly problems: readonly string[];
}

/** What a server sent. */
export interface FetchedChain {
  readonly target: string;
  readonly serverName: string;
  readonly protocol: string;
  /** As sent, that of the server first. */
  readonly certificates: readonly FetchedCertificate[];
  /** Places of those that are wanted; the first one is the one whose fingerprint counts. */
  readonly wanted: readonly number[];
}

/**
 * Fetches what a server sends and says what each certificate is. Nothing of it is trusted. Throws
 * `unreachable`, and `unreadable` for a certificate that is none.
 */
export async function fetchChain(
  ctx: Pick<OutsideContext, 'chains' | 'digest' | 'keys'>,
  request: FetchRequest,
): Promise<FetchedChain> {
  const { target, serverName, now } = request;
  const served = await ctx.chains.fetch(request);
  const chain = served.chain.map((der, index) =>
    atPlace(`certificate ${index + 1} of ${target}`, () => parseCertificate(der)),
  );
  const certificates = chain.map((certificate, index): FetchedCertificate => {
    const own = signed(ctx, certificate, certificate);
    const issuer = own ? -1 : chain.findIndex((one) => signed(ctx, certificate, one));
    return {
      certificate,
      fingerprint: ctx.digest.sha256(certificate.der),
      kind: own ? (certificate.isCa ? 'root' : 'self-signed') : 'issued',
      issuerAt: issuer === -1 ? null : issuer,
      problems: [
        ...(index === 0 ? nameProblem(certificate, serverName) : []),
        ...findWeaknesses(certificate, now).map(({ words }) => words),
      ],
    };
  });
  const wanted = placesOf(certificates, request.wanted);
  return { target, serverName, protocol: served.protocol, certificates, wanted };
}

/** Throws `served-differs` unless the certificate that is wanted has the fingerprint. */
export function requireFingerprint(fetched: FetchedChain, expected: Fingerprint): void {
  const found = fetched.certificates[fetched.wanted[0] ?? 0];
  if (found?.fingerprint === expected) return;
  const other = fetched.certificates.findIndex(({ fingerprint }) => fingerprint === expected);
  const where =
    other === -1
      ? ''
      : `; certificate ${other + 1} that it sends has it, which is not the one asked for`;
  throw new ZmintError(
    'served-differs',
    `${fetched.target} shows ${found?.fingerprint ?? 'nothing'} and not ${expected}${where}`,
    {
      hint: 'ask whoever runs the server for its fingerprint, by another way; nothing was saved',
      details: { target: fetched.target, expected, found: found?.fingerprint ?? null },
    },
  );
}

function signed(
  { keys }: Pick<OutsideContext, 'keys'>,
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  const { signatureAlgorithm, tbs, signature } = certificate;
  return (
    equalBytes(certificate.issuer.der, issuer.subject.der) &&
    keys.verify(issuer.spki, signatureAlgorithm, tbs, signature)
  );
}

function nameProblem(certificate: Certificate, serverName: string): readonly string[] {
  const fault = nameFault(certificate, parseExpectedName(serverName));
  return fault === undefined ? [] : [`it ${fault.fact}`];
}

function placesOf(certificates: readonly FetchedCertificate[], wanted: Wanted): readonly number[] {
  if (wanted === 'chain') return certificates.map((_, index) => index);
  if (wanted === 'own') return [0];
  return [topOf(certificates, 0, certificates.length)];
}

/** Follows the issuers; two that name each other end it too. */
function topOf(certificates: readonly FetchedCertificate[], from: number, steps: number): number {
  const issuer = certificates[from]?.issuerAt ?? null;
  return issuer === null || steps === 0 ? from : topOf(certificates, issuer, steps - 1);
}
