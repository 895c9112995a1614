import { arrangeExternalChain, type ExternalChain } from '../path/arrange-external-chain.js';
import type { FormatContext, OperationContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { certificateName } from '../x509/certificate-name.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { decideMember, type MemberInput } from '../zone/decide-member.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { refuseSharedHomes } from '../zone/refuse-shared-homes.js';
import type { Zone } from '../zone/zone.js';
import { checkZoneName } from '../zone/zone-name.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { issuedRecord } from './issue-certificate.js';
import { publishTrust } from './publish-trust.js';
import { readBag, type NamedFile } from './read-bag.js';
import { recordEvent } from './record-event.js';

export interface ExternalInitRequest {
  readonly name: string;
  readonly server: MemberInput;
  readonly keySpec: KeySpec;
  /** The certificates of the CA, in any format and order. */
  readonly chain: NamedFile;
}

/** A zone with an external CA that is to be made. */
export interface ExternalInitPlan {
  readonly at: Instant;
  readonly name: string;
  readonly server: MemberInput;
  readonly keySpec: KeySpec;
  readonly chain: ExternalChain;
  /** What was passed over in the file, in words. */
  readonly notes: readonly string[];
}

/** What was made. */
export interface ExternalInitReport {
  readonly zone: Zone;
  readonly authority: Authority;
  readonly root: CertificateRecord;
  readonly server: Member;
  readonly home: string;
}

/**
 * Plans a zone whose CA is elsewhere. Throws `usage` or `policy` for what is not well formed,
 * `unreadable` for the file, and what `arrangeExternalChain` throws.
 */
export async function planExternalInit(
  ctx: Pick<FormatContext, 'containers' | 'keys'>,
  request: ExternalInitRequest,
  now: Instant,
): Promise<ExternalInitPlan> {
  const name = checkZoneName(request.name);
  const server = { ...request.server, kind: 'primary' };
  decideMember(server, { id: '', addedAt: now });
  const { items, notes } = await readBag(ctx, request.chain, 'certificate');
  const chain = arrangeExternalChain({
    certificates: items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : [])),
    at: now,
    verify: (...parts) => ctx.keys.verify(...parts),
    name: request.chain.name,
  });
  return { at: now, name, server, keySpec: request.keySpec, chain, notes };
}

/**
 * Makes the zone: the root becomes its trust anchor, what stands between is kept for later imports,
 * and the first Primary Server waits for a certificate.
 *
 * Order of writes: a note that an init has begun; the server's folders; the records; the trust store.
 */
export async function executeExternalInit(
  ctx: OperationContext,
  plan: ExternalInitPlan,
): Promise<ExternalInitReport> {
  const { at } = plan;
  const server = decideMember(plan.server, { id: ctx.random.uuid(), addedAt: at });
  refuseSharedHomes(ctx.zoneHome, [], [server]);
  const home = serverHome(ctx.zoneHome, server);
  await recordEvent(ctx, { what: 'init-begun', at, details: { zone: plan.name } }, []);
  await ctx.homes.prepare(home);
  const zone: Zone = {
    id: ctx.random.uuid(),
    name: plan.name,
    createdAt: at,
    custody: 'external',
    keySpec: plan.keySpec,
    caMemberId: null,
  };
  const certificates = [plan.chain.root, ...plan.chain.intermediates].map((one) => ({
    record: authorityRecord(ctx, plan, one),
    der: one.der,
  }));
  const authority = externalAuthority(ctx, plan);
  const { certificate: fingerprint } = authority;
  const details = { zone: plan.name, fingerprint, custody: 'external' };
  await recordEvent(ctx, { what: 'zone-created', at, details }, [
    { type: 'put-zone', zone },
    { type: 'put-members', members: [server] },
    { type: 'add-certificates', certificates },
    { type: 'put-authority', authority },
    {
      type: 'put-anchor',
      anchor: { alias: authorityAlias(1), certificate: fingerprint, source: 'zone', since: at },
    },
  ]);
  await publishTrust(ctx);
  return { zone, authority, root: authorityRecord(ctx, plan, plan.chain.root), server, home };
}

function externalAuthority(
  ctx: Pick<OperationContext, 'digest'>,
  { at, chain: { root } }: ExternalInitPlan,
): Authority {
  return {
    generation: 1,
    kind: 'external',
    state: 'active',
    commonName: certificateName(root),
    certificate: ctx.digest.sha256(root.der),
    spkiSha256: ctx.digest.sha256(root.spki),
    keyMemberId: null,
    createdAt: at,
  };
}

/** The root issues under generation 1; who signed an intermediate with which key is the CA's business. */
function authorityRecord(
  ctx: OperationContext,
  { at, chain }: ExternalInitPlan,
  certificate: Certificate,
): CertificateRecord {
  const isRoot = certificate === chain.root;
  return issuedRecord(ctx, certificate, {
    purpose: 'ca',
    state: isRoot ? 'current' : 'monitored',
    memberId: null,
    issuerGeneration: isRoot ? 1 : null,
    subjectGeneration: isRoot ? 1 : null,
    operationId: null,
    keyFrom: null,
    at,
  });
}
