import type { ReadContext } from '../ports/context.js';
import { parseCertificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';

/** The public key (SPKI, DER) that is recorded to have signed a certificate; undefined when none is. */
export type KnownSigners = (
  record: CertificateRecord | undefined,
) => Promise<Uint8Array | undefined>;

/**
 * Looks up by which generation of the CA a certificate was signed. That signature was checked before
 * the certificate was recorded, and its bytes are held against their digest whenever they are read:
 * so it need not be checked again, as long as a path leads over the same key.
 */
export function createKnownSigners(
  ctx: Pick<ReadContext, 'store'>,
  { authorities }: Pick<ZoneSnapshot, 'authorities'>,
): KnownSigners {
  const known = new Map<number, Uint8Array>();
  return async (record) => {
    const generation = record?.issuerGeneration ?? null;
    if (generation === null) return undefined;
    const found = known.get(generation);
    if (found !== undefined) return found;
    const authority = authorities.find((one) => one.generation === generation);
    const [der] = authority === undefined ? [] : await ctx.store.der([authority.certificate]);
    if (der === undefined) return undefined;
    const { spki } = parseCertificate(der);
    known.set(generation, spki);
    return spki;
  };
}
