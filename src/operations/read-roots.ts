import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { ContainerItem } from '../x509/container.js';
import { findWeaknesses } from '../x509/find-weaknesses.js';
import { renderInstant, type Instant } from '../zone/instant.js';

/** A root in a file. */
export interface FoundRoot {
  readonly certificate: Certificate;
  /** What an alias can be made from. */
  readonly name: string;
  /** What else is wrong with it, in words. */
  readonly warnings: readonly string[];
}

/** The roots in a file, and what in it is none. */
export interface FoundRoots {
  readonly roots: readonly FoundRoot[];
  /** In words: what it is, and why it is left out. */
  readonly leftOut: readonly string[];
}

/** What is said about dates is said by the refusal, or is no concern of trust. */
const UNSAID: ReadonlySet<string> = new Set(['expired']);

/**
 * The certificates in a file that can be trust anchors: CAs that are signed with their own key.
 * Throws `policy` when there is none, `not-valid-then` when one has expired.
 */
export function readRoots(
  ctx: Pick<ReadContext, 'keys'>,
  items: readonly ContainerItem[],
  where: string,
  now: Instant,
): FoundRoots {
  const roots: FoundRoot[] = [];
  const leftOut: string[] = [];
  for (const item of items) {
    const reason = reasonAgainst(ctx, item);
    if (item.kind !== 'certificate' || reason !== undefined) leftOut.push(reason ?? '');
    else roots.push(rootOf(item.certificate, item.alias, now));
  }
  if (roots.length === 0) throw noRoot(where, leftOut);
  const expired = roots.find(({ certificate }) => certificate.notAfter < now);
  if (expired === undefined) return { roots, leftOut };
  const { subject, notAfter } = expired.certificate;
  throw new ZmintError(
    'not-valid-then',
    `${subject.text} in ${where} expired ${renderInstant(notAfter)}: nothing below it can be trusted`,
    { hint: 'ask the owner of that CA for its present root' },
  );
}

function reasonAgainst(
  { keys }: Pick<ReadContext, 'keys'>,
  item: ContainerItem,
): string | undefined {
  if (item.kind !== 'certificate') return `${item.where}: no certificate, but ${item.kind}`;
  const { certificate } = item;
  const { subject, issuer, signatureAlgorithm, tbs, signature, spki } = certificate;
  const who = subject.text === '' ? 'a certificate without a name' : subject.text;
  const selfIssued = equalBytes(issuer.der, subject.der);
  if (!selfIssued || !keys.verify(spki, signatureAlgorithm, tbs, signature)) {
    return `${who}: not a root, but issued by ${issuer.text}; servers send it`;
  }
  // Version 1 has no extensions that could say so (RFC 5280 §6.1.4 (k)).
  if (certificate.isCa || certificate.version === 1) return undefined;
  return `${who}: self-signed, but no CA`;
}

function rootOf(certificate: Certificate, alias: string | null, now: Instant): FoundRoot {
  const attributes = certificate.subject.attributes;
  const value = (wanted: string): string | undefined =>
    attributes.findLast(({ type }) => type === wanted)?.value;
  return {
    certificate,
    name: alias ?? value('CN') ?? value('OU') ?? value('O') ?? '',
    warnings: findWeaknesses(certificate, now)
      .filter(({ code }) => !UNSAID.has(code))
      .map(({ words }) => `${certificate.subject.text}: ${words}`),
  };
}

function noRoot(where: string, leftOut: readonly string[]): ZmintError {
  const [first = 'it holds no certificate'] = leftOut;
  return new ZmintError('policy', `${where} has no root to trust: ${first}`, {
    hint: 'give the self-signed certificate of the CA; zmint cert inspect FILE shows what a file holds',
    details: { leftOut },
  });
}
