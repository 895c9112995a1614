import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';

/** The digests of a certificate's DER that panes show, lower-case hexadecimal. */
export interface CertificateDigests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** Reads the bytes and makes the digests. Throws `damaged` when the bytes are missing or altered. */
export async function certificateDigests(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  record: CertificateRecord,
): Promise<CertificateDigests> {
  const [der] = await ctx.store.der([record.fingerprint]);
  const bytes = der ?? new Uint8Array();
  return {
    md5: ctx.digest.md5(bytes),
    sha1: ctx.digest.sha1(bytes),
    sha256: ctx.digest.sha256(bytes),
  };
}
