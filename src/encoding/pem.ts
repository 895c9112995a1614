import { decodeBase64 } from './base64.js';
import { encodePemOctets } from './pem-octets.js';
import { unreadable } from './unreadable.js';
import { decodeUtf8 } from './utf8.js';

/** A block of PEM text, decoded. */
export interface PemBlock {
  /** Between `-----BEGIN ` and `-----`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** The header lines of old encrypted keys (RFC 1421 §4.4), names in lower case; empty in all others. */
  readonly headers: ReadonlyMap<string, string>;
  /** Where its BEGIN line is; the first line of the text is 1. */
  readonly line: number;
}

const HEADER = /^(Proc-Type|DEK-Info): ?(.{1,200})$/u;
const BOUNDARY = /^-----(BEGIN|END) ((?:[!-,.-~](?:[ -]?[!-,.-~])*)?)-----$/u;

interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly headers: Map<string, string>;
  readonly base64: string[];
}

/** The text of `encodePemOctets`. */
export function encodePem(label: string, der: Uint8Array): string {
  return decodeUtf8(encodePemOctets(label, der));
}

/**
 * The blocks in a text, in their order; explanatory text around them is passed over (RFC 7468 §2),
 * spaces at line ends too. Throws `unreadable` naming the line of the first damage: a boundary that
 * is bent, missing or of another label, or anything between boundaries that is not strict base64.
 */
export function decodePem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: OpenBlock | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/u).entries()) {
    const line = raw.trimEnd();
    if (!line.includes('-----BEGIN') && !line.includes('-----END')) {
      if (open !== undefined) takeLine(open, line, index + 1);
      continue;
    }
    const { kind, label } = boundary(line, index + 1);
    if (kind === 'BEGIN') {
      open = begin(open, label, index + 1);
    } else {
      blocks.push(end(open, label, index + 1));
      open = undefined;
    }
  }
  if (open !== undefined) throw unreadable(`the PEM block of line ${open.line} has no end`);
  return blocks;
}

function boundary(line: string, number: number): { readonly kind: string; readonly label: string } {
  const match = BOUNDARY.exec(line);
  if (match === null) throw unreadable(`line ${number} is a damaged PEM boundary`);
  return { kind: match[1] ?? '', label: match[2] ?? '' };
}

function takeLine(open: OpenBlock, line: string, number: number): void {
  const header = open.base64.length === 0 ? HEADER.exec(line) : null;
  if (header !== null) {
    open.headers.set((header[1] ?? '').toLowerCase(), header[2] ?? '');
    return;
  }
  // RFC 7468 §2: space inside is passed over.
  const dense = line.replace(/[ \t]+/gu, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(dense)) throw unreadable(`line ${number} is not base64`);
  if (dense !== '') open.base64.push(dense);
}

function begin(open: OpenBlock | undefined, label: string, line: number): OpenBlock {
  if (open === undefined) return { label, line, headers: new Map(), base64: [] };
  throw unreadable(`line ${line} begins a PEM block inside that of line ${open.line}`);
}

function end(open: OpenBlock | undefined, label: string, line: number): PemBlock {
  if (open === undefined) throw unreadable(`line ${line} ends a PEM block that never began`);
  if (open.label !== label) {
    throw unreadable(`line ${line} ends another label than line ${open.line} began`);
  }
  try {
    const { line: begun, headers, base64 } = open;
    return { label, der: decodeBase64(base64.join('')), headers, line: begun };
  } catch (error) {
    const fact = error instanceof Error ? error.message : 'its base64 is damaged';
    throw unreadable(`the PEM block of line ${open.line} is damaged: ${fact}`, error);
  }
}
