/**
 * Hands out memory piece by piece, each piece once and zeroed, out of blocks of so many octets: a
 * block of its own for a piece of some hundred octets costs more than to fill it. A block stays in
 * memory as long as one of its pieces does.
 */
export function createSlab(size: number): (length: number) => Uint8Array {
  let block = new Uint8Array();
  let used = 0;
  return (length) => {
    if (length > size) return new Uint8Array(length);
    if (used + length > block.length) {
      block = new Uint8Array(size);
      used = 0;
    }
    used += length;
    return block.subarray(used - length, used);
  };
}
