import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { DAY, type Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { refuseRevocation } from '../zone/refuse-revocation.js';
import type { Revocation } from '../zone/revocation.js';
import type { RevocationReason } from '../zone/revocation-reason.js';
import { activeAuthority } from '../zone/zone-snapshot.js';
import { draftCrls } from './draft-crls.js';
import { findNamedCertificate, type NamedCertificate } from './find-revocable.js';
import { issueCrls, type CrlMaking } from './issue-crls.js';
import type { CrlReport } from './make-crls.js';
import { requireCrlSigner } from './may-sign-crls.js';
import { publishCrls } from './publish-crls.js';
import { readSettings } from './read-settings.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { authorityKeys, type AuthorityKeys } from './unlock-authority.js';

/** What `ca revoke` is asked for. */
export interface RevokeRequest {
  readonly certificate: NamedCertificate;
  readonly reason: RevocationReason;
  readonly invalidityDate: Instant | null;
  /** Run the reload commands of the servers afterwards. */
  readonly reload: boolean;
}

/** A revocation that is going to be made. */
export interface RevokePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly record: CertificateRecord;
  readonly revocation: Revocation;
  readonly issuer: Authority;
  /** How long the CRL that says so holds. */
  readonly days: number;
  readonly reload: boolean;
  /** The server that serves the certificate now; null: none does. */
  readonly server: Member | null;
  /** Other certificates with the same key that are in use or could come back, for a compromised key. */
  readonly sharing: readonly CertificateRecord[];
  /** The revocation is recorded already, only its CRL is missing. */
  readonly recorded: boolean;
  /** The command that comes next; null: nothing has to be done. */
  readonly next: string | null;
}

/**
 * Undefined: it is revoked for that reason already, and a CRL says so. Throws what
 * `findNamedCertificate`, `refuseRevocation` and `requireCrlSigner` throw, `policy` when it was revoked for another
 * reason.
 */
export async function planRevocation(
  ctx: ReadContext,
  request: RevokeRequest,
  now: Instant,
): Promise<RevokePlan | undefined> {
  const snapshot = await readBase(ctx, now);
  const record = await findNamedCertificate(ctx, request.certificate);
  const { authorities } = snapshot;
  const issuer = authorities.find(({ generation }) => generation === record.issuerGeneration);
  const active = activeAuthority(snapshot);
  const known = await ctx.store.revocation(record.fingerprint);
  if (known !== undefined) refuseOtherReason(record, known, request.reason);
  if (known !== undefined && known.listedIn !== null) return undefined;
  const { reason, invalidityDate } = request;
  refuseRevocation({ record, issuer, active, reason, invalidityDate, now });
  if (issuer === undefined) throw new ZmintError('bug', 'a revocation without an issuer');
  await requireCrlSigner(ctx, issuer);
  const server = await serverOf(ctx, record);
  const { fingerprint, serial, notAfter } = record;
  return {
    basis: snapshot.sequence,
    at: now,
    record,
    revocation: known ?? {
      fingerprint,
      issuerSpkiSha256: issuer.spkiSha256,
      serial,
      reason,
      revokedAt: now,
      invalidityDate,
      notAfter,
      listedIn: null,
    },
    issuer,
    days: (await readSettings(ctx)).crl.days,
    reload: request.reload,
    server,
    sharing: reason === 'key-compromise' ? await sharingOf(ctx, record, now) : [],
    recorded: known !== undefined,
    next: server === null ? null : `zmint ssl remint ${server.name}`,
  };
}

/**
 * Records the revocation, then makes and publishes the CRL that says so. Throws what opening the key
 * throws, before the first write.
 *
 * Order of writes: the revocation; then as `issueCrls` and `publishCrls`. A crash in between leaves a
 * revocation that no CRL names: the next `ca crl` or `ssl resume` makes it.
 */
export async function executeRevocation(
  ctx: OperationContext,
  plan: RevokePlan,
): Promise<CrlReport> {
  const keys = authorityKeys(ctx, await readBase(ctx, plan.at));
  try {
    await keys.signer(plan.issuer);
    if (!plan.recorded) await recordRevocation(ctx, plan);
    const made = await issueCrls(ctx, { ...(await draftFor(ctx, plan, keys)), now: plan.at });
    return { ...made, ...(await publishCrls(ctx, plan.at, plan)) };
  } finally {
    keys.close();
  }
}

async function draftFor(
  ctx: OperationContext,
  { issuer, at, days }: RevokePlan,
  keys: AuthorityKeys,
): Promise<Pick<CrlMaking, 'drafts' | 'keys'>> {
  const drafts = await draftCrls(ctx, at, days * DAY);
  const { spkiSha256 } = issuer;
  return { drafts: drafts.filter(({ authority }) => authority.spkiSha256 === spkiSha256), keys };
}

async function recordRevocation(ctx: OperationContext, plan: RevokePlan): Promise<void> {
  const { record, revocation, at } = plan;
  const { fingerprint, serial, reason } = revocation;
  const details = { fingerprint, serial, reason, subject: record.subject };
  await recordEvent(ctx, { what: 'certificate-revoked', at, details }, [
    { type: 'put-revocations', revocations: [revocation] },
    // A server's certificate keeps its state: that says where it stands on disk, not what it is worth.
    ...(record.purpose === 'server'
      ? []
      : [
          {
            type: 'set-certificate-state' as const,
            fingerprints: [fingerprint],
            state: 'revoked' as const,
          },
        ]),
  ]);
}

async function serverOf(ctx: ReadContext, record: CertificateRecord): Promise<Member | null> {
  if (record.purpose !== 'server' || record.state !== 'current') return null;
  return (await ctx.counts.member(record.memberId ?? '')) ?? null;
}

async function sharingOf(
  ctx: ReadContext,
  record: CertificateRecord,
  now: Instant,
): Promise<readonly CertificateRecord[]> {
  const same = await ctx.store.certificatesWithKey(record.spkiSha256);
  const others = same.filter(
    (one) =>
      one.fingerprint !== record.fingerprint && one.notAfter >= now && one.state !== 'revoked',
  );
  const revoked = await ctx.store.revocationsNamed(others.map(({ fingerprint }) => fingerprint));
  const gone = new Set(revoked.map(({ fingerprint }) => fingerprint));
  return others.filter(({ fingerprint }) => !gone.has(fingerprint));
}

function refuseOtherReason(
  record: CertificateRecord,
  known: Revocation,
  reason: RevocationReason,
): void {
  if (known.reason === reason) return;
  throw new ZmintError(
    'policy',
    `${record.subject} was revoked already, for ${known.reason}: the reason does not change`,
    { hint: 'zmint ca crl', details: { reason: known.reason } },
  );
}
