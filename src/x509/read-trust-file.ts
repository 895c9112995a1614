import { decodePem, type PemBlock } from '../encoding/pem.js';
import { ZmintError } from '../errors.js';
import { atPlace } from './at-place.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { fileText } from './file-text.js';

/** A certificate in a file of trusted ones, with the comment above it. */
export interface LabelledCertificate {
  readonly certificate: Certificate;
  /** Lines of the comment, without `#`; empty when there is none. */
  readonly label: readonly string[];
}

/** What a file of trusted certificates holds. */
export interface TrustFile {
  readonly certificates: readonly LabelledCertificate[];
  /** What in it is no certificate, in words. */
  readonly leftOut: readonly string[];
}

const LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
const MOST_BYTES = 4_194_304;
const MOST_CERTIFICATES = 1000;
const MOST_LINES = 8;
const MOST_PLAIN_LINES = 3;
const MOST_COLUMNS = 200;

/**
 * The certificates in a PEM file, in their order, each with its comment: the lines right above it
 * that begin with `#`, or at most three plain ones. Other blocks are left out and told. A file
 * without any block has no certificates. Throws `unreadable` naming file, place and fact for DER and
 * anything else that is not text, and for a block that is damaged.
 */
export function readTrustFile(bytes: Uint8Array, name: string): TrustFile {
  return atPlace(name, () => {
    if (bytes.length > MOST_BYTES) throw refusal(`it has more than ${MOST_BYTES} bytes`);
    if (bytes.includes(0) && !isUtf16(bytes)) throw refusal('it is not PEM, the one format here');
    const text = fileText(bytes);
    const lines = text.split(/\r\n|\n|\r/u);
    const blocks = decodePem(text);
    const wanted = blocks.filter(({ label }) => LABELS.has(label));
    if (wanted.length > MOST_CERTIFICATES) {
      throw refusal(`it has more than ${MOST_CERTIFICATES} certificates`);
    }
    return {
      certificates: wanted.map((block) => ({
        certificate: parseBlock(block),
        label: labelAbove(lines, block.line - 2),
      })),
      leftOut: blocks
        .filter(({ label }) => !LABELS.has(label))
        .map(({ label, line }) => `line ${line} of ${name}: ${label}`),
    };
  });
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function parseBlock({ der, line }: PemBlock): Certificate {
  return atPlace(`line ${line}`, () => parseCertificate(der));
}

function labelAbove(lines: readonly string[], from: number): readonly string[] {
  const above: string[] = [];
  for (let at = from; at >= 0; at -= 1) {
    const line = clean(lines[at] ?? '');
    if (line === '' || line.includes('-----END')) break;
    above.unshift(line);
  }
  const comments = above.filter((line) => line.startsWith('#'));
  const plain = above.length <= MOST_PLAIN_LINES ? above : [];
  return (comments.length > 0 ? comments : plain)
    .map((line) => line.replace(/^#+\s*/u, ''))
    .filter((line) => !/^[-=#*\s]*$/u.test(line))
    .slice(0, MOST_LINES);
}

/** Control characters and what hides or reorders text are no part of a comment. */
function clean(line: string): string {
  return line
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, MOST_COLUMNS)
    .trim();
}

function refusal(fact: string): ZmintError {
  return new ZmintError('unreadable', fact, {
    hint: 'make PEM of it: zmint cert convert FILE --to pem --out FILE.pem',
  });
}
