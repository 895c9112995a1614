import { contentOffset, readDer } from './der.js';
import type { DerElement } from './der-element.js';
import { derFault } from './der-fault.js';

/** An INTEGER from 0 to 2^31 - 1. Throws `unreadable` for any other. */
export function readSmallInteger(element: DerElement, what: string): number {
  const { content } = element;
  if ((content[0] ?? 0) >= 0x80) throw derFault(element.offset, `${what} is negative`);
  if (content.length > 4) throw derFault(element.offset, `${what} is too large`);
  return content.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The octets of an INTEGER that is 0 or more, without a leading 00. Throws `unreadable` for a negative one. */
export function readUnsigned(element: DerElement, what: string): Uint8Array {
  const { content } = element;
  if ((content[0] ?? 0) >= 0x80) throw derFault(element.offset, `${what} is negative`);
  return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
}

/** A BOOLEAN that `readDer` has accepted. */
export function readBoolean(element: DerElement): boolean {
  return element.content[0] === 0xff;
}

/** An OBJECT IDENTIFIER in dots. Throws `unreadable` for arcs above 2^53. */
export function readOid(element: DerElement): string {
  let text = '';
  let arc = 0;
  for (const octet of element.content) {
    if (arc > Number.MAX_SAFE_INTEGER / 256) {
      throw derFault(element.offset, 'an OBJECT IDENTIFIER has an arc that is too large');
    }
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    text += text === '' ? firstArcs(arc) : `.${arc}`;
    arc = 0;
  }
  return text;
}

/** Two arcs in one (X.690 §8.19.4). */
function firstArcs(joined: number): string {
  const root = Math.min(Math.floor(joined / 40), 2);
  return `${root}.${joined - 40 * root}`;
}

/** The octets of a BIT STRING that has no unused bits. Throws `unreadable` for others. */
export function readOctetAlignedBits(element: DerElement, what: string): Uint8Array {
  if (element.content[0] !== 0) throw derFault(element.offset, `${what} is not whole octets`);
  return element.content.subarray(1);
}

/** The text of a string type that allows ASCII only. Throws `unreadable` for other octets. */
export function readAscii(element: DerElement, what: string): string {
  let text = '';
  for (const octet of element.content) {
    if (octet >= 0x80) throw derFault(element.offset, `${what} is not ASCII`);
    text += String.fromCharCode(octet);
  }
  return text;
}

/** The element whose DER is the content of an OCTET STRING, offsets counted on. Throws as `readDer`. */
export function readEmbedded(element: DerElement): DerElement {
  return readDer(element.content, contentOffset(element));
}
