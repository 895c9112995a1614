import { concatBytes } from '../encoding/bytes.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import type { ReadContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';
import type { Fingerprint } from '../zone/fingerprint.js';

/** What a set is made of, as bytes. */
export interface SetParts {
  /** DER, the server's own certificate first; empty for a device. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 DER; null for a device. */
  readonly pkcs8: Uint8Array | null;
  /** DER of the roots. */
  readonly trust: readonly Uint8Array[];
}

/** The files of a set: PEM with the leaf first, the key both ways, the trust bundle. */
export function setFiles(ctx: Pick<ReadContext, 'keys'>, parts: SetParts): SetFiles {
  const trust = { 'ca.cert': pemBundle(parts.trust) };
  if (parts.pkcs8 === null) return trust;
  return {
    'server.cer': pemBundle(parts.chain),
    'key.pem': ctx.keys.pem(parts.pkcs8),
    'key.der': parts.pkcs8,
    ...trust,
  };
}

/** The files that every server's set has. */
export type ServerFiles = SetFiles &
  Required<Pick<SetFiles, 'server.cer' | 'key.pem' | 'key.der' | 'ca.cert'>>;

/** What many sets share, as it stands in their files. */
export interface SetBundles {
  /** Behind the leaf in `server.cer`. */
  readonly chain: Uint8Array;
  readonly caCert: Uint8Array;
}

/** Encodes once what many sets share. */
export function setBundles(shared: Pick<SetParts, 'chain' | 'trust'>): SetBundles {
  return { chain: pemBundle(shared.chain), caCert: pemBundle(shared.trust) };
}

/** As `setFiles`, for a server's set of which all but leaf and key is shared with others. */
export function bundledFiles(
  ctx: Pick<ReadContext, 'keys'>,
  bundles: SetBundles,
  own: { readonly leaf: Uint8Array; readonly pkcs8: Uint8Array },
): ServerFiles {
  return {
    'server.cer': concatBytes([pemBundle([own.leaf]), bundles.chain]),
    'key.pem': ctx.keys.pem(own.pkcs8),
    'key.der': own.pkcs8,
    'ca.cert': bundles.caCert,
  };
}

/** Certificates as PEM, one after the other. */
export function pemBundle(ders: readonly Uint8Array[]): Uint8Array {
  return concatBytes(ders.map((der) => encodePemOctets('CERTIFICATE', der)));
}

/** The bytes of a trust bundle or chain from the repository. Throws `damaged` when one is missing. */
export async function bundleOf(
  ctx: ReadContext,
  fingerprints: readonly Fingerprint[],
): Promise<Uint8Array> {
  return pemBundle(await ctx.store.der(fingerprints));
}
