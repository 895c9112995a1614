import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { DAY, type Instant } from '../zone/instant.js';
import { decideProfile } from '../zone/issued-profile.js';
import { DEFAULT_KEY_SPEC } from '../zone/key-spec.js';
import { narrowConstraints } from '../zone/narrow-constraints.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import { decideConstraints } from '../zone/subordinate-profile.js';
import { validityFor, withinIssuer } from '../zone/validity.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { parseAll } from './check-set.js';
import { issuedHandout, rootsHandout } from './issued-handout.js';
import type { IssuedContent, IssuePlan, IssueRequest, RecordedIssue } from './issue-plan.js';
import { findIssued } from './find-issued.js';
import { judgeIssue } from './judge-issue.js';
import { readBase } from './read-snapshot.js';
import { readSettings } from './read-settings.js';
import { refuseRequest } from './refuse-request.js';
import { requestedNames } from './requested-names.js';

const SUBORDINATE_YEARS = 5;
const CLIENT_YEARS = 1;

/**
 * Plans a certificate for somebody who is no member, by the CA in use. Throws `policy` for a profile
 * that no certificate may have or that the CAs above it forbid, a request that does not prove its key
 * or has a weak or known one, an external CA, an unfinished run for something else; `operation-pending` while the first CA waits for
 * its certificate; `not-valid-then` when the CA has ended.
 */
export async function planIssue(
  ctx: ReadContext,
  request: IssueRequest,
  now: Instant,
): Promise<IssuePlan> {
  const snapshot = await readBase(ctx, now);
  await readSettings(ctx);
  const { issuer, root } = issuerOf(snapshot);
  if (request.csr !== null) await refuseRequest(ctx, request.csr, snapshot.authorities);
  const path = parseAll(await ctx.store.der([issuer.certificate, ...(issuer.parents ?? [])]));
  const profile = profileOf(request, path);
  const commonName = profile.is === 'end-entity' ? profile.commonName : request.commonName;
  const content = { profile, commonName, ...validityOf(request, root, now) };
  judgeIssue(ctx, content, path);
  const recorded = await recordedFor(ctx, request, { content, snapshot, issuer, path });
  const { notBefore, notAfter } = recorded?.record ?? content.validity;
  return {
    basis: snapshot.sequence,
    at: now,
    ...content,
    validity: { notBefore, notAfter },
    spki: request.csr?.spki ?? null,
    keySpec: request.keySpec ?? DEFAULT_KEY_SPEC,
    issuer,
    recorded,
    roots: (await rootsHandout(ctx, snapshot)).roots,
    ignored: ignoredOf(request),
  };
}

interface Coming {
  readonly content: IssuedContent;
  readonly snapshot: ZoneSnapshot;
  readonly issuer: Authority;
  readonly path: readonly Certificate[];
}

async function recordedFor(
  ctx: ReadContext,
  { waiting }: IssueRequest,
  { content, snapshot, issuer: { generation }, path: [issuer] }: Coming,
): Promise<RecordedIssue | null> {
  if (waiting === null || issuer === undefined) return null;
  const { now } = snapshot;
  const record = await findIssued(ctx, { content, waiting, issuer, generation, now });
  if (record === undefined) return null;
  return { record, certificate: (await issuedHandout(ctx, snapshot, record)).certificate };
}

function issuerOf(snapshot: ZoneSnapshot): {
  readonly issuer: Authority;
  readonly root: CertificateRecord;
} {
  const issuer = activeAuthority(snapshot);
  const root = issuer === undefined ? undefined : authorityCertificate(snapshot, issuer);
  if (issuer?.kind === 'internal' && root !== undefined) return { issuer, root };
  if (issuer?.kind !== 'external') throw noActiveAuthority(snapshot);
  throw refusal('this zone has no CA of its own that could issue', 'zmint ca show');
}

function profileOf(
  { commonName, kind, csr }: IssueRequest,
  path: readonly Certificate[],
): IssuedContent['profile'] {
  if (kind.is === 'subordinate') {
    const { pathLength } = kind;
    const constraints = narrowConstraints(decideConstraints(kind.constraints), path);
    return { is: kind.is, pathLength, constraints };
  }
  const asked = kind.requestedNames && csr !== null ? requestedNames(csr) : [];
  const names = [...kind.names, ...asked];
  return { is: kind.is, ...decideProfile({ commonName, purposes: kind.purposes, names }) };
}

function validityOf(
  { life, kind }: IssueRequest,
  root: CertificateRecord,
  now: Instant,
): Pick<IssuedContent, 'validity' | 'cut'> {
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

function ended(): ZmintError {
  return new ZmintError('not-valid-then', 'the certificate would have ended already', {
    hint: 'zmint ssl remint --ca',
  });
}

function refusal(fact: string, hint: string): ZmintError {
  return new ZmintError('policy', fact, { hint });
}
