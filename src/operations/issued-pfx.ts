import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import { parseCertificate } from '../x509/certificate.js';
import { writePkcs12 } from './write-stores.js';
import type { IssueReport } from './execute-issue.js';

/**
 * A PKCS#12 file (RFC 7292) with the key, the certificate and its chain, and the roots beside them.
 * Throws `bug` when the key is elsewhere.
 */
export async function issuedPfx(
  ctx: FormatContext,
  { pkcs8, chain, trust }: IssueReport,
  by: { readonly alias: string; readonly passphrase: Uint8Array | null },
): Promise<Uint8Array> {
  if (pkcs8 === null) throw new ZmintError('bug', 'a PKCS#12 file takes a key');
  const { alias, passphrase } = by;
  const certificates = trust.map((der, index) => ({
    alias: `zone-root-${index + 1}`,
    certificate: parseCertificate(der),
  }));
  const keys = [{ alias, pkcs8, chain: chain.map((der) => parseCertificate(der)) }];
  return writePkcs12(ctx, { keys, certificates }, { passphrase, legacy: false });
}
