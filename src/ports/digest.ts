/** Hash functions, as lower-case hexadecimal. SHA-1 and MD5 are for display and key identifiers only. */
export interface Digest {
  sha256(data: Uint8Array): string;
  sha1(data: Uint8Array): string;
  md5(data: Uint8Array): string;
}
