import { fromHex } from '../encoding/hex.js';

/** A kind of key whose SubjectPublicKeyInfo differs from key to key only in the octets of the key itself. */
export interface FixedPublicKey {
  /** As `describePublicKey` says it. */
  readonly kind: string;
  /** Everything before those octets: the algorithm (RFC 5480 §2.1.1, RFC 8410 §3), then tag, length and unused bits of the BIT STRING. */
  readonly header: Uint8Array;
  /** How many octets the whole has; for curves with the point uncompressed. */
  readonly length: number;
}

export const FIXED_PUBLIC_KEYS = {
  'ec:P-256': fixed('ec:P-256', '3059301306072a8648ce3d020106082a8648ce3d030107034200', 91),
  'ec:P-384': fixed('ec:P-384', '3076301006072a8648ce3d020106052b81040022036200', 120),
  'ec:P-521': fixed('ec:P-521', '30819b301006072a8648ce3d020106052b8104002303818600', 158),
  ed25519: fixed('ed25519', '302a300506032b6570032100', 44),
} as const;

const BY_LENGTH: ReadonlyMap<number, FixedPublicKey> = new Map(
  Object.values(FIXED_PUBLIC_KEYS).map((key) => [key.length, key]),
);

/** What a SubjectPublicKeyInfo is at first sight; undefined when it has to be read element by element. */
export function findFixedPublicKey(spki: Uint8Array): FixedPublicKey | undefined {
  const found = BY_LENGTH.get(spki.length);
  return found !== undefined && begins(spki, found.header) ? found : undefined;
}

function begins(bytes: Uint8Array, start: Uint8Array): boolean {
  // A callback for each octet would cost more than the hash of the key.
  for (let index = 0; index < start.length; index += 1) {
    if (bytes[index] !== start[index]) return false;
  }
  return true;
}

function fixed(kind: string, header: string, length: number): FixedPublicKey {
  return { kind, header: fromHex(header), length };
}
