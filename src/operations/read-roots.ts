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

/**
 * The certificates in a file that can be trust anchors: CAs that are signed with their own key and
 * have not expired. Throws `policy` when there is none, `not-valid-then` when all have expired.
 */
export function readRoots(
  ctx: Pick<ReadContext, 'keys'>,
  items: readonly ContainerItem[],
  where: string,
  now: Instant,
): FoundRoots {
  const leftOut: string[] = [];
  const candidates: FoundRoot[] = [];
  for (const item of items) {
    const reason = reasonAgainst(ctx, item);
    if (item.kind !== 'certificate' || reason !== undefined) leftOut.push(reason ?? '');
    else candidates.push(rootOf(item.certificate, item.alias, now));
  }
  const ended = candidates.filter(({ certificate }) => certificate.notAfter < now);
  const roots = candidates.filter((root) => !ended.includes(root));
  leftOut.push(...ended.map(({ certificate }) => expiryWords(certificate)));
  if (roots.length > 0) return { roots, leftOut };
  throw noRoot(where, leftOut, ended.length > 0);
}

function expiryWords({ subject, notAfter }: Certificate): string {
  return `${subject.text}: expired ${renderInstant(notAfter)}, so nothing below it can be trusted`;
}

function reasonAgainst(
  { keys }: Pick<ReadContext, 'keys'>,
  item: ContainerItem,
): string | undefined {
  if (item.kind !== 'certificate') return `${item.where}: no certificate, but ${item.kind}`;
  const { certificate } = item;
  const { subject, issuer, signatureAlgorithm, tbs, signature, spki } = certificate;
  const who = subject.text === '' ? 'a certificate without a name' : subject.text;
  if (!equalBytes(issuer.der, subject.der)) {
    return `${who}: not a root, but issued by ${issuer.text}; servers send it`;
  }
  if (!keys.verify(spki, signatureAlgorithm, tbs, signature)) {
    return `${who}: its own key has not signed it, or by a method that zmint does not know`;
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
    warnings: findWeaknesses(certificate, now).map(
      ({ words }) => `${certificate.subject.text}: ${words}`,
    ),
  };
}

function noRoot(where: string, leftOut: readonly string[], hasEnded: boolean): ZmintError {
  const fact = (hasEnded ? leftOut.at(-1) : leftOut[0]) ?? 'it holds no certificate';
  return new ZmintError(
    hasEnded ? 'not-valid-then' : 'policy',
    `${where} has no root to trust: ${fact}`,
    {
      hint: hasEnded
        ? 'ask the owner of that CA for its present root'
        : 'give the self-signed certificate of the CA; zmint cert inspect FILE shows what a file holds',
      details: { leftOut },
    },
  );
}
