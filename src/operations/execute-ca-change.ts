import { ZmintError } from '../errors.js';
import type { ExternalChain } from '../path/arrange-external-chain.js';
import type { OperationContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { Certificate } from '../x509/certificate.js';
import type { Authority } from '../zone/authority.js';
import type { AuthorityOrigin } from '../zone/ca-change.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Change } from '../zone/change.js';
import type { PlannedAuthority } from '../zone/remint-plan.js';
import { executeRemint } from './execute-remint.js';
import { issuedRecord } from './issue-certificate.js';
import type { CaChangePlan } from './plan-ca-change.js';
import type { OperationReport } from './report-operation.js';

/**
 * Carries a change of the CA out as far as it goes now. To an external CA: its chain is recorded with
 * the operation, requests are made, the trust in old and new root is spread; then servers wait for the
 * certificates that are imported or placed. To an internal CA: it is made on its server, mints for all
 * servers, and the rest is that of a remint.
 *
 * Throws what `executeRemint` throws.
 */
export async function executeCaChange(
  ctx: OperationContext,
  { remint, chain }: CaChangePlan,
): Promise<OperationReport> {
  const { authority, at } = remint;
  const origin = authority?.origin;
  if (authority === null || origin === undefined)
    throw new ZmintError('bug', 'a change of the CA without a CA to change to');
  if (origin.kind === 'external' && chain !== null) {
    const beside = (operationId: string): readonly Change[] =>
      externalChanges(ctx, chain, { authority, operationId, at });
    return executeRemint(ctx, remint, { beside });
  }
  return toInternal(ctx, remint, origin as Internal);
}

type Internal = Extract<AuthorityOrigin, { readonly kind: 'internal' }>;

/** The passphrase is asked for before the first write (I-21). */
async function toInternal(
  ctx: OperationContext,
  remint: CaChangePlan['remint'],
  { keyMemberId, custody }: Internal,
): Promise<OperationReport> {
  const zone = { ...(await ctx.store.zone()), caMemberId: keyMemberId, custody };
  const unlock: Unlock =
    custody === 'no-passphrase'
      ? { kind: custody }
      : { kind: custody, bytes: await ctx.passphrase.fresh() };
  return executeRemint(ctx, remint, { beside: () => [{ type: 'put-zone', zone }], unlock });
}

interface Coming {
  readonly authority: PlannedAuthority;
  readonly operationId: string;
  readonly at: number;
}

/** A chain that the zone had before is taken again. */
function externalChanges(
  ctx: OperationContext,
  { root, intermediates }: ExternalChain,
  coming: Coming,
): readonly Change[] {
  const { operationId } = coming;
  const record = chainRecord(ctx, root, 'future', coming);
  const between = intermediates.map((one) => ({
    record: chainRecord(ctx, one, 'monitored', coming),
    der: one.der,
  }));
  const authority: Authority = {
    generation: coming.authority.generation,
    kind: 'external',
    state: 'future',
    commonName: coming.authority.commonName,
    certificate: record.fingerprint,
    spkiSha256: record.spkiSha256,
    keyMemberId: null,
    createdAt: coming.at,
  };
  return [
    { type: 'add-certificates', certificates: [{ record, der: root.der }, ...between] },
    { type: 'take-certificate-again', fingerprint: record.fingerprint, operationId },
    { type: 'put-authority', authority },
  ];
}

/** Who signed an intermediate with which key is the CA's business. */
function chainRecord(
  ctx: OperationContext,
  certificate: Certificate,
  state: 'future' | 'monitored',
  { authority, operationId, at }: Coming,
): CertificateRecord {
  const generation = state === 'future' ? authority.generation : null;
  return issuedRecord(ctx, certificate, {
    purpose: 'ca',
    state,
    memberId: null,
    issuerGeneration: generation,
    subjectGeneration: generation,
    operationId: state === 'future' ? operationId : null,
    keyFrom: null,
    at,
  });
}
