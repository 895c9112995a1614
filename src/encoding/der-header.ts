/** How many octets tag and length take in front of so many octets of content (X.690 §10.1). */
export function headerSize(length: number): number {
  let size = 2;
  if (length < 0x80) return size;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size += 1;
  return size;
}

/** How many octets an element with so many octets of content takes. */
export function elementSize(length: number): number {
  return headerSize(length) + length;
}

/**
 * Writes tag and minimal length at `at`, and says where the content begins. There must be room for
 * `headerSize(length)` octets.
 */
export function putHeader(out: Uint8Array, at: number, tag: number, length: number): number {
  const content = at + headerSize(length);
  out[at] = tag;
  if (length < 0x80) {
    out[at + 1] = length;
    return content;
  }
  out[at + 1] = 0x80 | (content - at - 2);
  let rest = length;
  for (let index = content - 1; index > at + 1; index -= 1) {
    out[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return content;
}
