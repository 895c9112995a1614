import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import {
  assembleCertificate,
  encodeTbsCertificate,
  type CertificateContent,
} from '../x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { createLeafTemplate, type LeafTemplate } from '../x509/leaf-template.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Order } from './issue-all.js';
import {
  contentOf,
  issuedRecord,
  proveIssued,
  signingIdentity,
  type Issuer,
  type SigningIdentity,
} from './issue-certificate.js';
import { recordFromOrder } from './record-from-order.js';
import { reserveSerials, type Numbered } from './reserve-serials.js';

/** Who signs the whole batch. */
export interface BatchIssuer extends Issuer {
  readonly certificate: Certificate;
}

/** What one of the batch is to say. */
export type BatchOrder = Omit<Order, 'issuer'>;

/** A certificate that nobody has read yet. */
export interface IssuedUnread {
  readonly der: Uint8Array;
  readonly record: CertificateRecord;
}

/** So many are signed before the event loop goes round. */
const AT_ONCE = 200;

/**
 * Records the serial numbers of all orders in one transaction, then signs certificates of end
 * entities in bulk, in order (I-8). What comes back is recorded by the caller, together with what
 * it is for.
 *
 * The first certificate of each kind of key and usage is proved here: it is what the ordinary way
 * makes, octet for octet, it says what its row says, and `proveIssued` passes it. The others are
 * given out unread: whoever reads them back calls `proveIssued` before anybody relies on them.
 * Throws `bug` when the first one differs, or for an order of a CA.
 */
export async function issueMany(
  ctx: OperationContext,
  issuer: BatchIssuer,
  orders: readonly BatchOrder[],
  now: Instant,
): Promise<readonly IssuedUnread[]> {
  if (orders.some(({ subject }) => subject.ca)) {
    throw new ZmintError('bug', 'a CA was to be signed among the servers of a batch');
  }
  const numbered = await reserveSerials(
    ctx,
    orders.map(({ subject, facts, state }) => ({ subject, facts, state, issuer })),
    now,
  );
  const batch = prepareBatch(ctx, issuer);
  const proved = new Set<string>();
  const issued: IssuedUnread[] = [];
  for (let from = 0; from < numbered.length; from += AT_ONCE) {
    for (const one of await signSome(ctx, batch, numbered.slice(from, from + AT_ONCE))) {
      const kind = `${one.made.record.key} ${one.content.extendedKeyUsage.join()}`;
      if (!proved.has(kind)) proveFirst(ctx, batch, one);
      proved.add(kind);
      issued.push(one.made);
    }
  }
  return issued;
}

interface Batch {
  readonly issuer: BatchIssuer;
  readonly identity: SigningIdentity;
  readonly templateFor: (extendedKeyUsage: readonly string[]) => LeafTemplate;
}

function prepareBatch(ctx: OperationContext, issuer: BatchIssuer): Batch {
  const identity = signingIdentity(ctx, issuer);
  const templates = new Map<string, LeafTemplate>();
  const templateFor = (extendedKeyUsage: readonly string[]): LeafTemplate => {
    const usage = extendedKeyUsage.join();
    const template =
      templates.get(usage) ??
      createLeafTemplate({
        issuer: identity.name,
        authorityKeyId: identity.keyId,
        signatureAlgorithm: issuer.signer.algorithm,
        extendedKeyUsage,
        extensions: identity.extensions,
      });
    templates.set(usage, template);
    return template;
  };
  return { issuer, identity, templateFor };
}

interface Signed {
  readonly order: BatchOrder;
  readonly content: CertificateContent;
  readonly tbs: Uint8Array;
  readonly made: IssuedUnread;
}

async function signSome(
  ctx: OperationContext,
  { issuer, identity, templateFor }: Batch,
  some: readonly Numbered<BatchOrder>[],
): Promise<readonly Signed[]> {
  const prepared = some.map(({ order, serial }) => {
    const content = contentOf(ctx, identity, order.subject, serial);
    return { order, content, tbs: templateFor(content.extendedKeyUsage).encode(content) };
  });
  const { algorithm } = issuer.signer;
  const signatures = await issuer.signer.signMany(prepared.map(({ tbs }) => tbs));
  return prepared.map(({ order, content, tbs }, index) => {
    const signature = signatures[index] ?? new Uint8Array();
    if (signature.length === 0) throw new ZmintError('bug', 'a certificate was not signed');
    const der = assembleCertificate(tbs, algorithm, signature);
    const { serial } = content;
    const { subject, facts, state } = order;
    const issuerName = identity.name;
    const record = recordFromOrder(ctx, { der, serial, issuer: issuerName, subject, facts, state });
    return { order, content, tbs, made: { der, record } };
  });
}

/** Throws `bug` unless the ordinary way makes and reads the same. */
function proveFirst(ctx: OperationContext, { issuer }: Batch, signed: Signed): void {
  const { order, content, tbs, made } = signed;
  const problems: string[] = [];
  if (!equalBytes(tbs, encodeTbsCertificate(content, issuer.signer.algorithm))) {
    problems.push('what is signed is not what the ordinary way makes');
  }
  const certificate = parseCertificate(made.der);
  const read = issuedRecord(ctx, certificate, { ...order.facts, state: order.state });
  for (const [field, value] of Object.entries(read)) {
    const noted: unknown = made.record[field as keyof CertificateRecord];
    if (JSON.stringify(noted) !== JSON.stringify(value))
      problems.push(`its row differs in ${field}`);
  }
  if (problems.length > 0) {
    throw new ZmintError(
      'bug',
      `the first certificate of a batch, for ${made.record.subject}, is wrong: ${problems.join('; ')}`,
      { details: { problems } },
    );
  }
  proveIssued(ctx, certificate, issuer.certificate);
}
