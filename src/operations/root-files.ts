import { encodeUtf8 } from '../encoding/utf8.js';
import type { Passphrase } from '../ports/container-crypto.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import { renderTrustFile } from '../x509/render-trust-file.js';
import type { Certificate } from '../x509/certificate.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import { parseAll } from './check-set.js';
import { convertContainer } from './convert-container.js';

/** A root of the zone on its way into a file. */
export interface RootEntry {
  readonly alias: string;
  readonly fingerprint: Fingerprint;
  readonly subject: string;
  readonly certificate: Certificate;
}

/** As what, and how protected. */
export interface RootFileRequest {
  readonly to: 'pem' | 'p12' | 'jks';
  /** Null: none; impossible for a Java keystore. */
  readonly passphrase: Passphrase;
  readonly now: Instant;
}

/** The roots that the zone trusts, in the order of `cacerts.pem`. Throws `damaged`. */
export async function readRootFiles(
  ctx: Pick<ReadContext, 'store'>,
): Promise<readonly RootEntry[]> {
  const anchors = [...(await ctx.store.anchors())].sort((a, b) => a.since - b.since);
  const certificates = parseAll(await ctx.store.der(anchors.map((anchor) => anchor.certificate)));
  return anchors.flatMap(({ alias, certificate: fingerprint }, index) => {
    const certificate = certificates[index];
    if (certificate === undefined) return [];
    return [{ alias, fingerprint, subject: certificate.subject.text, certificate }];
  });
}

/** The file's bytes, each root under its alias; a PEM file has it as a comment. */
export async function renderRootFile(
  ctx: FormatContext,
  roots: readonly RootEntry[],
  { to, passphrase, now }: RootFileRequest,
): Promise<Uint8Array> {
  if (to === 'pem') {
    const labelled = roots.map(({ alias, subject, certificate }) => ({
      certificate,
      label: [`${alias} ${subject}`],
    }));
    return encodeUtf8(renderTrustFile(labelled));
  }
  const items = roots.map(({ alias, certificate }) => ({
    kind: 'certificate' as const,
    certificate,
    trust: null,
    where: '',
    alias,
    localKeyId: null,
  }));
  return convertContainer(ctx, { items, to, alias: undefined, legacy: false, passphrase, now });
}
