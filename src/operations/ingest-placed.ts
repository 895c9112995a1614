import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { RepoFiles } from '../ports/member-homes.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Change } from '../zone/change.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { serverHome } from '../zone/member-home.js';
import type { MemberSet } from '../zone/member-set.js';
import type { SetContent } from '../zone/operation-content.js';
import { checkSet, parseAll } from './check-set.js';
import type { Issued } from './issue-all.js';
import { issuedRecord } from './issue-certificate.js';
import { mayComeBack } from './may-come-back.js';
import { checkPlacedSet } from './placed-set.js';
import { withKeystore } from './render-keystore.js';
import { setFiles } from './set-files.js';

export interface Ingest {
  readonly member: Member;
  /** The set number to be written. */
  readonly number: number;
  readonly content: SetContent;
  readonly operationId: string;
  /** The CA generation that issues in this operation, and its root's key: whose certificate it is taken for. */
  readonly generation: number;
  /** The root that it must lead to; null: any that the zone trusts. */
  readonly root: Fingerprint | null;
  /** What was placed, where it was read already. */
  readonly repo?: RepoFiles;
  readonly validAt: Instant;
  readonly now: Instant;
}

export interface Ingested {
  readonly issued: Issued;
  readonly set: MemberSet;
  /** What is to be recorded before the leaf: what stands behind it, and that one given up is taken again. */
  readonly beside: readonly Change[];
}

/**
 * Copies a set that a person placed into a remint-repo into a generation folder of zmint's own and
 * checks the copy (`zone.md`; never used in place). Throws what `checkPlacedSet` throws; then
 * nothing has changed.
 */
export async function ingestPlaced(ctx: OperationContext, ingest: Ingest): Promise<Ingested> {
  const { member, content, now, root } = ingest;
  const home = serverHome(ctx.zoneHome, member);
  const trust = await ctx.store.der(content.trust);
  const behind = await ctx.store.der(content.chain);
  const placed = await checkPlacedSet(ctx, ingest.repo ?? (await ctx.homes.readRepo(home)), {
    serverName: member.name,
    dnsName: member.dnsName ?? member.name,
    anchors: root === null ? parseAll(trust) : parseAll(await ctx.store.der([root])),
    known: [...parseAll(behind), ...(await recordedIntermediates(ctx))],
    at: ingest.validAt,
  });
  const record = await withKeyHistory(ctx, member, recordFor(ctx, ingest, placed.leaf, 'leaf'));
  const intermediates = placed.intermediates
    .filter((one) => !content.chain.includes(ctx.digest.sha256(one.der)))
    .map((one) => ({ der: one.der, record: recordFor(ctx, ingest, one, 'intermediate') }));
  const chain = [placed.leaf.der, ...intermediates.map((one) => one.der), ...behind];
  const parts = { chain, pkcs8: placed.pkcs8, trust };
  const to = { member, home, files: setFiles(ctx, parts) };
  const files = await withKeystore(ctx, to, parts);
  await checkSet(ctx, files, `the placed set of ${member.name}`, ingest.validAt);
  await ctx.homes.writeSet(home, ingest.number, files);
  const set: MemberSet = {
    memberId: member.id,
    number: ingest.number,
    purpose: 'future',
    state: 'ready',
    leaf: record.fingerprint,
    chain: [...intermediates.map((one) => one.record.fingerprint), ...content.chain],
    trust: content.trust,
    operationId: ingest.operationId,
    createdAt: now,
  };
  const { fingerprint } = record;
  const beside: readonly Change[] = [
    { type: 'add-certificates', certificates: intermediates },
    { type: 'take-certificate-again', fingerprint, operationId: ingest.operationId },
  ];
  return { issued: { certificate: placed.leaf, record }, set, beside };
}

/** What came with the chain of an external CA, or with earlier sets. */
async function recordedIntermediates(ctx: OperationContext): Promise<readonly Certificate[]> {
  const records = await ctx.store.certificates({ purpose: 'ca', states: ['monitored'] });
  return parseAll(await ctx.store.der(records.map(({ fingerprint }) => fingerprint)));
}

function recordFor(
  ctx: OperationContext,
  ingest: Ingest,
  certificate: Certificate,
  what: 'leaf' | 'intermediate',
): CertificateRecord {
  const leaf = what === 'leaf';
  return issuedRecord(ctx, certificate, {
    purpose: leaf ? 'server' : 'ca',
    state: leaf ? 'future' : 'monitored',
    memberId: leaf ? ingest.member.id : null,
    issuerGeneration: leaf ? ingest.generation : null,
    subjectGeneration: null,
    operationId: ingest.operationId,
    keyFrom: null,
    at: ingest.now,
  });
}

/** A key serves one server only (I-5); that it was taken over from an earlier certificate is recorded. */
async function withKeyHistory(
  ctx: OperationContext,
  member: Member,
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const where = `the remint-repo of ${member.name}`;
  const known = await ctx.store.certificate(record.fingerprint);
  if (known !== undefined && !(await mayComeBack(ctx, known, member.id))) {
    throw new ZmintError('policy', `the certificate in ${where} is in the repository already`, {
      hint: `zmint ssl show ${member.name}`,
    });
  }
  const sharing = await ctx.store.certificatesWithKey(record.spkiSha256);
  const other = sharing.find((one) => one.memberId !== member.id);
  if (other !== undefined) {
    throw new ZmintError(
      'policy',
      `the key in ${where} is that of another server (${other.subject})`,
      {
        hint: 'make a key of its own for each server',
      },
    );
  }
  return { ...record, keyFrom: sharing.at(-1)?.fingerprint ?? null };
}
