import { encodePemOctets } from '../encoding/pem-octets.js';
import type { Passphrase } from '../ports/container-crypto.js';
import type { FormatContext } from '../ports/context.js';
import {
  METHOD_RANDOM_OCTETS,
  modernMethod,
  writeShroudedKey,
} from '../x509/write-encryption-method.js';

/** What stands in one block of PEM, and the label of the block. */
export interface Block {
  readonly label: string;
  readonly der: Uint8Array;
}

/** A private key as PKCS#8; encrypted with PBES2 unless the passphrase is null (RFC 5958 §3). */
export async function keyBlock(
  { containers, random }: Pick<FormatContext, 'containers' | 'random'>,
  pkcs8: Uint8Array,
  passphrase: Passphrase,
): Promise<Block> {
  if (passphrase === null) return { label: 'PRIVATE KEY', der: pkcs8 };
  const method = modernMethod(random.bytes(METHOD_RANDOM_OCTETS));
  const data = await containers.encrypt(method, pkcs8, passphrase);
  return { label: 'ENCRYPTED PRIVATE KEY', der: writeShroudedKey(method, data) };
}

/** The same as a file. */
export async function keyPem(
  ctx: Pick<FormatContext, 'containers' | 'random'>,
  pkcs8: Uint8Array,
  passphrase: Passphrase,
): Promise<Uint8Array> {
  const { label, der } = await keyBlock(ctx, pkcs8, passphrase);
  return encodePemOctets(label, der);
}
