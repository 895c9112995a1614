import { unreadable } from './unreadable.js';

/** Takes numbers, the highest octet first, and octets from a buffer, one after the other. */
export interface ByteReader {
  /** Where the next octet is. */
  offset(): number;
  /** Throws `unreadable`, naming the byte and what was wanted there, when there are not so many. */
  bytes(length: number, what: string): Uint8Array;
  uint16(what: string): number;
  uint32(what: string): number;
  uint64(what: string): bigint;
  /** Throws `unreadable` when something is left. */
  end(what: string): void;
}

/** A reader that stands at the first octet. */
export function createByteReader(buffer: Uint8Array): ByteReader {
  let at = 0;
  const take = (length: number, what: string): Uint8Array => {
    if (length > buffer.length - at) throw unreadable(`the ${what} at byte ${at} is cut short`);
    at += length;
    return buffer.subarray(at - length, at);
  };
  const number = (length: number, what: string): number =>
    take(length, what).reduce((sum, octet) => sum * 256 + octet, 0);
  return {
    offset: () => at,
    bytes: take,
    uint16: (what) => number(2, what),
    uint32: (what) => number(4, what),
    uint64: (what) => take(8, what).reduce((sum, octet) => sum * 256n + BigInt(octet), 0n),
    end: (what) => {
      if (at < buffer.length)
        throw unreadable(`there are bytes behind the end of ${what}, at byte ${at}`);
    },
  };
}
