import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { KeyPair, Signer } from '../ports/keys.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import { issueAll, type Order } from './issue-all.js';
import { issuedHandout, type IssuedHandout } from './issued-handout.js';
import { issuedSubject } from './issued-subject.js';
import { issuerExtensions } from './issuer-extensions.js';
import type { IssuePlan } from './issue-plan.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { authorityKeys } from './unlock-authority.js';

/** What was issued. */
export interface IssueReport extends IssuedHandout {
  readonly record: CertificateRecord;
  /** The key that was made, PKCS#8 DER, which the caller wipes; null: the holder has it. */
  readonly pkcs8: Uint8Array | null;
}

/** What is made durable where the certificate will be handed out, before anything is signed. */
export interface IssueOutlet {
  /** A new key, PKCS#8, for its holder (I-4). */
  readonly keep: (key: { readonly pkcs8: Uint8Array; readonly pem: Uint8Array }) => Promise<void>;
  /** For a key that is elsewhere: that a certificate for it will be recorded with this instant. */
  readonly claim: (spkiSha256: string, at: Instant) => Promise<void>;
}

/**
 * Issues the certificate by the CA in use and records it; what an earlier run has recorded is only
 * handed out. Throws what opening the key of the CA throws, before a key is made.
 *
 * Order of writes: the new key or the claim; the serial number; the certificate. Only then does it
 * leave.
 */
export async function executeIssue(
  ctx: OperationContext,
  plan: IssuePlan,
  outlet: IssueOutlet,
): Promise<IssueReport> {
  const snapshot = await readBase(ctx, plan.at);
  if (plan.recorded !== null) {
    const { record } = plan.recorded;
    return { record, ...(await issuedHandout(ctx, snapshot, record)), pkcs8: null };
  }
  const keys = authorityKeys(ctx, snapshot);
  try {
    const signer = await keys.signer(plan.issuer);
    const pair = plan.spki === null ? await ctx.keys.generate(plan.keySpec) : null;
    try {
      if (pair !== null) await keepKey(ctx, pair, outlet);
      if (plan.spki !== null) await outlet.claim(ctx.digest.sha256(plan.spki), plan.at);
      const record = await signAndRecord(ctx, plan, { signer, spki: plan.spki ?? spkiOf(pair) });
      const handout = await issuedHandout(ctx, snapshot, record);
      return { record, ...handout, pkcs8: pair?.pkcs8 ?? null };
    } catch (error) {
      pair?.pkcs8.fill(0);
      throw error;
    }
  } finally {
    keys.close();
  }
}

async function keepKey(
  ctx: Pick<OperationContext, 'keys'>,
  { pkcs8 }: KeyPair,
  outlet: IssueOutlet,
): Promise<void> {
  const pem = ctx.keys.pem(pkcs8);
  try {
    await outlet.keep({ pkcs8, pem });
  } finally {
    pem.fill(0);
  }
}

async function signAndRecord(
  ctx: OperationContext,
  plan: IssuePlan,
  by: { readonly signer: Signer; readonly spki: Uint8Array },
): Promise<CertificateRecord> {
  const { issuer, at } = plan;
  const [rootDer = new Uint8Array()] = await ctx.store.der([issuer.certificate]);
  const root = parseCertificate(rootDer);
  const extensions = await issuerExtensions(ctx, await ctx.store.authorities(), issuer);
  const signing = { signer: by.signer, name: root.subject, certificate: root, extensions };
  const [issued] = await issueAll(ctx, [{ ...orderOf(plan, by.spki), issuer: signing }], at);
  if (issued === undefined) throw new ZmintError('bug', 'nothing was issued');
  await recordIssued(ctx, plan, issued);
  return issued.record;
}

async function recordIssued(
  ctx: OperationContext,
  { at }: IssuePlan,
  issued: { readonly certificate: Certificate; readonly record: CertificateRecord },
): Promise<void> {
  const { record, certificate } = issued;
  const { fingerprint, subject, purpose, serial } = record;
  const details = { fingerprint, subject, purpose, serial };
  await recordEvent(ctx, { what: 'certificate-issued', at, details }, [
    { type: 'add-certificates', certificates: [{ record, der: certificate.der }] },
  ]);
}

function orderOf(plan: IssuePlan, spki: Uint8Array): Omit<Order, 'issuer'> {
  return {
    subject: issuedSubject(plan, spki),
    facts: {
      purpose: plan.profile.is === 'subordinate' ? 'subordinate' : 'client',
      memberId: null,
      operationId: null,
      issuerGeneration: plan.issuer.generation,
      subjectGeneration: null,
      keyFrom: null,
      at: plan.at,
    },
    state: 'current',
  };
}

function spkiOf(pair: KeyPair | null): Uint8Array {
  if (pair !== null) return pair.spki;
  throw new ZmintError('bug', 'neither a request nor a key');
}
