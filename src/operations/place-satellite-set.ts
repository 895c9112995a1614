import type { OperationContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Evidence } from '../zone/operation-terms.js';
import { activeAuthority } from '../zone/zone-snapshot.js';
import { checkSet, parseAll } from './check-set.js';
import { issuedRecord } from './issue-certificate.js';
import { placeSet } from './place-set.js';
import type { SatellitePlan } from './plan-satellite-set.js';
import { readBase } from './read-snapshot.js';
import { renderKeystore } from './render-keystore.js';
import { setFiles } from './set-files.js';

const EVENTS = {
  given: 'satellite-certificate-imported',
  kept: 'satellite-certificate-imported-again',
  live: 'satellite-reconfigured',
} as const;

/**
 * Carries a satellite's plan out: files, keystore and trust in one new generation, then as
 * `placeSet`. Returns how the satellite was seen to serve it; undefined when another set came in
 * between. Throws what `placeSet` throws.
 */
export async function placeSatelliteSet(
  ctx: OperationContext,
  plan: SatellitePlan,
): Promise<Evidence | undefined> {
  const { material, leaf, issuers } = plan;
  const { content, placed } = material;
  const trust = await ctx.store.der(content.trust);
  const parts = {
    chain: [leaf, ...issuers].map(({ der }) => der),
    pkcs8: placed.pkcs8,
    trust,
  };
  const keystore =
    material.keystore === null ? {} : await renderKeystore(ctx, material.keystore, parts);
  const files = { ...setFiles(ctx, parts), ...keystore };
  await checkSet(ctx, files, `the new set of ${plan.member.name}`, plan.at);
  const certificates = await newCertificates(ctx, plan);
  return placeSet(ctx, {
    member: plan.reconfigure ? plan.member : { ...plan.member, reload: null, probe: null },
    files,
    set: {
      leaf: plan.fingerprint,
      chain: issuers.map(({ der }) => ctx.digest.sha256(der)),
      trust: content.trust,
    },
    certificates,
    what: EVENTS[plan.source],
    at: plan.at,
  });
}

/** Rows for what the repository does not know; the same certificate imported again needs none. */
async function newCertificates(
  ctx: OperationContext,
  plan: SatellitePlan,
): Promise<readonly { readonly record: CertificateRecord; readonly der: Uint8Array }[]> {
  const found: { record: CertificateRecord; der: Uint8Array }[] = [];
  for (const certificate of [plan.leaf, ...plan.issuers]) {
    const known = await ctx.store.certificate(ctx.digest.sha256(certificate.der));
    if (known === undefined)
      found.push({ record: await recordOf(ctx, plan, certificate), der: certificate.der });
  }
  return found;
}

async function recordOf(
  ctx: OperationContext,
  plan: SatellitePlan,
  certificate: Certificate,
): Promise<CertificateRecord> {
  const isLeaf = certificate === plan.leaf;
  return issuedRecord(ctx, certificate, {
    purpose: isLeaf ? 'server' : 'ca',
    state: isLeaf ? 'future' : 'monitored',
    memberId: isLeaf ? plan.member.id : null,
    issuerGeneration: isLeaf ? await generationOf(ctx, plan) : null,
    subjectGeneration: null,
    operationId: null,
    keyFrom: isLeaf ? await keyFrom(ctx, plan) : null,
    at: plan.at,
  });
}

/** The generation of the zone's CA when its key has signed the certificate. */
async function generationOf(ctx: OperationContext, plan: SatellitePlan): Promise<number | null> {
  const { leaf } = plan;
  const active = activeAuthority(await readBase(ctx, plan.at));
  if (active === undefined) return null;
  const [root] = parseAll(await ctx.store.der([active.certificate]));
  if (root?.subject.text !== leaf.issuer.text) return null;
  const signed = ctx.keys.verify(root.spki, leaf.signatureAlgorithm, leaf.tbs, leaf.signature);
  return signed ? active.generation : null;
}

/** That a key was taken over from an earlier certificate is recorded (I-5). */
async function keyFrom(ctx: OperationContext, plan: SatellitePlan): Promise<string | null> {
  const spki = ctx.digest.sha256(plan.leaf.spki);
  const own = await ctx.store.certificates({ purpose: 'server', memberId: plan.member.id });
  return own.findLast((one) => one.spkiSha256 === spki)?.fingerprint ?? null;
}
