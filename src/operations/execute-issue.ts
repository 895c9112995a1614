import { decodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { KeyPair, Signer } from '../ports/keys.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { presentContent } from '../zone/operation-content.js';
import { issueAll, type Order } from './issue-all.js';
import { issuedSubject } from './issued-subject.js';
import { issuerExtensions } from './issuer-extensions.js';
import type { IssuePlan } from './issue-plan.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { pemBundle } from './set-files.js';
import { authorityKeys } from './unlock-authority.js';

/** What was issued, all that its holder needs but the key. */
export interface IssueReport {
  readonly record: CertificateRecord;
  /** DER; the certificate first, then what is sent behind it. */
  readonly chain: readonly Uint8Array[];
  /** DER of the roots. */
  readonly trust: readonly Uint8Array[];
  /** The chain as PEM. */
  readonly certificate: string;
  /** The roots as PEM. */
  readonly roots: string;
  /** The key that was made, PKCS#8 DER, which the caller wipes; null: the holder has it. */
  readonly pkcs8: Uint8Array | null;
}

/** Makes a new key, PKCS#8 as PEM, durable where its holder gets it, before anything is signed (I-4). */
export type KeepKey = (pem: Uint8Array) => Promise<void>;

/**
 * Issues the certificate by the CA in use and records it. Throws what opening the key of the CA
 * throws, before a key is made.
 *
 * Order of writes: the new key, by `keep`; the serial number; the certificate. Only then does it
 * leave.
 */
export async function executeIssue(
  ctx: OperationContext,
  plan: IssuePlan,
  keep: KeepKey,
): Promise<IssueReport> {
  const snapshot = await readBase(ctx, plan.at);
  const keys = authorityKeys(ctx, snapshot);
  try {
    const signer = await keys.signer(plan.issuer);
    const pair = plan.spki === null ? await ctx.keys.generate(plan.keySpec) : null;
    if (pair !== null) await keepOrWipe(ctx, pair, keep);
    const record = await signAndRecord(ctx, plan, { signer, spki: plan.spki ?? spkiOf(pair) });
    const content = presentContent(snapshot, await ctx.store.anchors());
    const chain = await ctx.store.der([record.fingerprint, ...content.chain]);
    const trust = await ctx.store.der(content.trust);
    return {
      record,
      chain,
      trust,
      certificate: decodeUtf8(pemBundle(chain)),
      roots: decodeUtf8(pemBundle(trust)),
      pkcs8: pair?.pkcs8 ?? null,
    };
  } finally {
    keys.close();
  }
}

async function keepOrWipe(
  ctx: Pick<OperationContext, 'keys'>,
  pair: KeyPair,
  keep: KeepKey,
): Promise<void> {
  const pem = ctx.keys.pem(pair.pkcs8);
  try {
    await keep(pem);
  } catch (error) {
    pair.pkcs8.fill(0);
    throw error;
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
