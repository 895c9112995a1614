import { base64Length, putBase64 } from './base64.js';
import { encodeUtf8 } from './utf8.js';

/** Octets behind one line of 64 columns. */
const LINE = 48;
const LINE_FEED = 0x0a;

/**
 * A block of PEM as the octets of its file (RFC 7468 §2 and §3, strict form): lines of 64 columns, a
 * line end behind the last one. Written in one pass, and nowhere as text: a server has three of these,
 * one of them a key, which whoever owns the octets can wipe.
 */
export function encodePemOctets(label: string, der: Uint8Array): Uint8Array {
  const begin = encodeUtf8(`-----BEGIN ${label}-----\n`);
  const end = encodeUtf8(`-----END ${label}-----\n`);
  const lines = Math.ceil(der.length / LINE);
  const out = new Uint8Array(begin.length + base64Length(der.length) + lines + end.length);
  out.set(begin);
  let at = begin.length;
  for (let start = 0; start < der.length; start += LINE) {
    at = putBase64(out, at, { from: der, start, end: Math.min(start + LINE, der.length) });
    out[at] = LINE_FEED;
    at += 1;
  }
  out.set(end, at);
  return out;
}
