import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CertificationRequest } from '../x509/certification-request.js';
import { isStrongKey } from '../x509/lint-certificate.js';
import type { ConstrainedNames } from '../x509/name-constraints-content.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { DAY, type Instant } from '../zone/instant.js';
import type { IssuedName } from '../zone/issued-names.js';
import { decideProfile, type IssuedProfile, type IssuedPurpose } from '../zone/issued-profile.js';
import { DEFAULT_KEY_SPEC, type KeySpec } from '../zone/key-spec.js';
import { decideConstraints, type ConstraintWish } from '../zone/subordinate-profile.js';
import { validityFor, withinIssuer, type Validity } from '../zone/validity.js';
import { activeAuthority, authorityCertificate } from '../zone/zone-snapshot.js';
import { readBase } from './read-snapshot.js';
import { readSettings } from './read-settings.js';
import { requestedNames } from './requested-names.js';

/** What `ca issue` is asked for. */
export interface IssueRequest {
  readonly commonName: string;
  readonly kind:
    | {
        readonly is: 'end-entity';
        readonly purposes: readonly IssuedPurpose[];
        readonly names: readonly IssuedName[];
        /** Take the names that the request asks for too. */
        readonly requestedNames: boolean;
      }
    | {
        readonly is: 'subordinate';
        /** How many CAs may follow below it. */
        readonly pathLength: number;
        readonly constraints: ConstraintWish;
      };
  /** Null: zmint makes the key. */
  readonly csr: CertificationRequest | null;
  readonly keySpec: KeySpec | null;
  /** How long it is valid; null: as is usual for its kind. */
  readonly life: { readonly days: number } | { readonly years: number } | null;
}

/** A certificate that is going to be issued. */
export interface IssuePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly commonName: string;
  readonly profile:
    | ({ readonly is: 'end-entity' } & IssuedProfile)
    | {
        readonly is: 'subordinate';
        readonly pathLength: number;
        readonly constraints: ConstrainedNames;
      };
  /** The key to be certified; null: one of `keySpec` is made. */
  readonly spki: Uint8Array | null;
  readonly keySpec: KeySpec;
  readonly validity: Validity;
  /** It would have been longer, but the CA ends. */
  readonly cut: boolean;
  readonly issuer: Authority;
  /** Extensions that the request asks for and does not get, as object identifiers. */
  readonly ignored: readonly string[];
}

const SUBORDINATE_YEARS = 5;
const CLIENT_YEARS = 1;

/**
 * Plans a certificate for somebody who is no member, by the CA in use. Throws `policy` for a profile
 * that no certificate may have, a request that does not prove its key or has a weak or known one, an
 * external CA; `not-valid-then` when the CA has ended.
 */
export async function planIssue(
  ctx: ReadContext,
  request: IssueRequest,
  now: Instant,
): Promise<IssuePlan> {
  const snapshot = await readBase(ctx, now);
  await readSettings(ctx);
  const issuer = activeAuthority(snapshot);
  const root = issuer === undefined ? undefined : authorityCertificate(snapshot, issuer);
  if (issuer?.kind !== 'internal' || root === undefined) throw noCa();
  if (request.csr !== null) await refuseRequest(ctx, request.csr, snapshot.authorities);
  const validity = validityOf(request, root, now);
  const profile = profileOf(request);
  return {
    basis: snapshot.sequence,
    at: now,
    commonName: profile.is === 'end-entity' ? profile.commonName : request.commonName,
    profile,
    spki: request.csr?.spki ?? null,
    keySpec: request.keySpec ?? DEFAULT_KEY_SPEC,
    ...validity,
    issuer,
    ignored: ignoredOf(request),
  };
}

function profileOf({ commonName, kind, csr }: IssueRequest): IssuePlan['profile'] {
  if (kind.is === 'subordinate') {
    const { pathLength } = kind;
    return { is: kind.is, pathLength, constraints: decideConstraints(kind.constraints) };
  }
  const asked = kind.requestedNames && csr !== null ? requestedNames(csr) : [];
  const names = [...kind.names, ...asked];
  return { is: kind.is, ...decideProfile({ commonName, purposes: kind.purposes, names }) };
}

function validityOf(
  { life, kind }: IssueRequest,
  root: CertificateRecord,
  now: Instant,
): Pick<IssuePlan, 'validity' | 'cut'> {
  const usual = { years: kind.is === 'subordinate' ? SUBORDINATE_YEARS : CLIENT_YEARS };
  const wanted = life ?? usual;
  const years = 'years' in wanted ? wanted.years : 1;
  const { notBefore, notAfter } = validityFor(now, years, root.notBefore);
  const end = 'days' in wanted ? notBefore + wanted.days * DAY - 1 : notAfter;
  const validity = withinIssuer({ notBefore, notAfter: end }, root, 'a certificate');
  if (validity.notAfter < now) throw ended();
  return { validity, cut: validity.notAfter < end };
}

function ignoredOf({ csr, kind }: IssueRequest): readonly string[] {
  const taken = kind.is === 'end-entity' && kind.requestedNames ? ['2.5.29.17'] : [];
  return (csr?.extensions ?? []).map(({ oid }) => oid).filter((oid) => !taken.includes(oid));
}

/** RFC 2986 §3: the request proves that whoever made it holds the key. */
async function refuseRequest(
  ctx: ReadContext,
  csr: CertificationRequest,
  authorities: readonly Authority[],
): Promise<void> {
  const { spki, signatureAlgorithm, info, signature, key } = csr;
  if (!ctx.keys.verify(spki, signatureAlgorithm, info, signature))
    throw refusal(
      'the request is not signed with the key that it names',
      'ask for another request',
    );
  if (!isStrongKey(key))
    throw refusal(
      `the key of the request is ${key}: not RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519`,
      'ask for a request with another key',
    );
  const fingerprint = ctx.digest.sha256(spki);
  if (authorities.some(({ spkiSha256 }) => spkiSha256 === fingerprint))
    throw refusal('the key of the request is that of the CA itself', 'zmint ca list');
  const [server] = await ctx.store.certificatesWithKey(fingerprint);
  if (server === undefined) return;
  throw refusal(
    `the key of the request is that of ${server.subject}: no key serves two`,
    'ask for a request with a key of its own',
  );
}

function noCa(): ZmintError {
  return refusal('this zone has no CA of its own that could issue', 'zmint ca show');
}

function ended(): ZmintError {
  return new ZmintError('not-valid-then', 'the certificate would have ended already', {
    hint: 'zmint ssl remint --ca',
  });
}

function refusal(fact: string, hint: string): ZmintError {
  return new ZmintError('policy', fact, { hint });
}
