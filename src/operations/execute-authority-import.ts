import { encodePemOctets } from '../encoding/pem-octets.js';
import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { Certificate } from '../x509/certificate.js';
import { BARE_REMINT } from '../zone/bare-remint.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateState } from '../zone/certificate-record.js';
import type { Change } from '../zone/change.js';
import type { RemintRequest } from '../zone/remint-plan.js';
import { authorityAlias } from '../zone/zone-trust.js';
import type { AuthorityImportPlan } from './authority-import-plan.js';
import { executeRemint } from './execute-remint.js';
import { issuedRecord } from './issue-certificate.js';
import { planRemint } from './plan-remint.js';
import { publishTrust } from './publish-trust.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import type { OperationReport } from './report-operation.js';
import { requireFreshBackup } from './require-fresh-backup.js';
import { memberKeyPlace } from './ca-key-place.js';

/**
 * Takes the certificate of a requested CA. The first CA of a zone is used at once: its root becomes
 * what members trust, and its servers get their certificates. A later one is changed to, as a remint
 * of the CA is. Returns the operation; null: no server waits for a certificate.
 *
 * Order of writes: `ca.cert` beside the key; the records of CA, chain and request (for a change with
 * its operation); the trust store; then as a remint from its step 5 on.
 *
 * Throws `plan-outdated`, `policy` when a fresh backup is asked for and there is none, `wrong-passphrase`
 * before anything is written, what `executeRemint` throws.
 */
export async function executeAuthorityImport(
  ctx: OperationContext,
  plan: AuthorityImportPlan,
): Promise<OperationReport | null> {
  const base = await readBase(ctx, plan.at);
  if (base.sequence !== plan.basis) {
    throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
      hint: 'type the command again to see the new plan',
    });
  }
  const { request, certificate, remint } = plan;
  if (remint?.request.freshBackup === true) await requireFreshBackup(ctx, plan.at);
  const place = await memberKeyPlace(ctx, request);
  const unlock = await unlockOf(ctx, request.custody);
  try {
    const identity = { zoneId: base.zone.id, spkiSha256: request.spkiSha256 };
    // A wrong passphrase or a damaged file must show before the first write (I-21).
    (await ctx.vault.open(place, identity, unlock)).close();
    const pem = encodePemOctets('CERTIFICATE', certificate.der);
    await ctx.vault.publishCertificate(place, pem);
    if (remint === null) return await useAtOnce(ctx, plan, unlock);
    const { keyMemberId: caMemberId, custody } = request;
    const beside = (operationId: string): readonly Change[] => [
      ...takingChanges(ctx, plan, { state: 'future', operationId }),
      { type: 'put-zone', zone: { ...base.zone, caMemberId, custody } },
    ];
    return await executeRemint(ctx, remint, { beside, unlock });
  } finally {
    if (unlock.kind === 'passphrase') unlock.bytes.fill(0);
  }
}

async function unlockOf(
  ctx: OperationContext,
  custody: AuthorityImportPlan['request']['custody'],
): Promise<Unlock> {
  if (custody === 'no-passphrase') return { kind: custody };
  return { kind: custody, bytes: await ctx.passphrase.existing() };
}

async function useAtOnce(
  ctx: OperationContext,
  plan: AuthorityImportPlan,
  unlock: Unlock,
): Promise<OperationReport | null> {
  const { at, request, parents, certificate } = plan;
  const root = ctx.digest.sha256((parents.at(-1) ?? certificate).der);
  const alias = authorityAlias(request.generation);
  const details = { generation: request.generation, subject: certificate.subject.text, root };
  await recordEvent(ctx, { what: 'authority-imported', at, details }, [
    ...takingChanges(ctx, plan, { state: 'current', operationId: null }),
    { type: 'put-anchor', anchor: { alias, certificate: root, source: 'zone', since: at } },
  ]);
  await publishTrust(ctx);
  const remint = await planRemint(ctx, FIRST_CERTIFICATES, at);
  if (remint === undefined) return null;
  return executeRemint(ctx, remint, { beside: () => [], unlock });
}

const FIRST_CERTIFICATES: RemintRequest = {
  ...BARE_REMINT,
  all: true,
  activateAt: { when: 'now' },
  updateName: 'First certificates of the zone',
};

interface Taking {
  readonly state: Extract<CertificateState, 'current' | 'future'>;
  readonly operationId: string | null;
}

/** What stands above the CA may have been recorded before, and stays as it was then. */
function takingChanges(
  ctx: OperationContext,
  { at, request, certificate, parents }: AuthorityImportPlan,
  { state, operationId }: Taking,
): readonly Change[] {
  const { generation, commonName, spkiSha256, keyMemberId } = request;
  const facts = {
    purpose: 'ca',
    memberId: null,
    keyFrom: null,
    issuerGeneration: null,
    at,
  } as const;
  const own = { ...facts, state, operationId, subjectGeneration: generation };
  const above = {
    ...facts,
    state: 'monitored',
    operationId: null,
    subjectGeneration: null,
  } as const;
  const put = (one: Certificate, said: typeof own | typeof above) => ({
    record: issuedRecord(ctx, one, said),
    der: one.der,
  });
  const authority: Authority = {
    generation,
    kind: 'internal',
    state: state === 'current' ? 'active' : 'future',
    commonName,
    certificate: ctx.digest.sha256(certificate.der),
    parents: parents.map(({ der }) => ctx.digest.sha256(der)),
    spkiSha256,
    keyMemberId,
    createdAt: at,
  };
  return [
    {
      type: 'add-certificates',
      certificates: [put(certificate, own), ...parents.map((one) => put(one, above))],
    },
    { type: 'put-authority', authority },
    { type: 'put-authority-request', request: { ...request, state: 'done' } },
  ];
}
