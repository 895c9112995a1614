import { createHash, hash as hashOf } from 'node:crypto';

/** What the octets are for (RFC 7292 appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

interface Source {
  readonly hash: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/**
 * Derives octets from a passphrase in the manner of PKCS#12 (RFC 7292 appendix B.2). `password` is
 * the passphrase as `bmpPassword` makes it.
 */
export function derivePkcs12(
  { hash, salt, iterations }: Source,
  password: Uint8Array,
  purpose: number,
  length: number,
): Buffer {
  const block = /^sha(?:384|512)/u.test(hash) ? 128 : 64;
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([fill(salt, block), fill(password, block)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length;) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round += 1) {
      digest = hashOf(hash, digest, 'buffer');
    }
    parts.push(digest);
    made += digest.length;
    addToBlocks(input, fill(digest, block).subarray(0, block));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** The passphrase in UTF-16 with two zero octets behind it; nothing for no passphrase. */
export function bmpPassword(passphrase: Uint8Array | null): Buffer {
  if (passphrase === null) return Buffer.alloc(0);
  const text = Buffer.from(`${Buffer.from(passphrase).toString('utf8')}\0`, 'utf16le');
  return text.swap16();
}

/** Repeated until whole blocks are full; nothing stays nothing. */
function fill(octets: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(octets.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, octets);
}

/** Adds the block and one to each block of the input, as large numbers. */
function addToBlocks(input: Buffer, block: Buffer): void {
  for (let start = 0; start < input.length; start += block.length) {
    let carry = 1;
    for (let index = block.length - 1; index >= 0; index -= 1) {
      carry += (input[start + index] ?? 0) + (block[index] ?? 0);
      input[start + index] = carry & 0xff;
      carry >>= 8;
    }
  }
}
