import { createHash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import { canonicalJson } from '../../zone/audit-event.js';

const KEY_FORMAT = 'zmint-key/1';
const CIPHER = 'aes-256-gcm';
const LEAST_N = 2 ** 15;
const MOST_N = 2 ** 20;

/** How the AES key comes about: from a passphrase (RFC 7914), or it lies in `ca.unlock`. */
export type Kdf =
  | {
      readonly name: 'scrypt';
      readonly N: number;
      readonly r: 8;
      readonly p: 1;
      readonly salt: Uint8Array;
    }
  | { readonly name: 'file' };

/** What is in the open; its canonical JSON is authenticated with the key. */
export interface KeyHeader {
  readonly kdf: Kdf;
  /** 12 octets, fresh for each sealing (NIST SP 800-38D §8.2.2). */
  readonly nonce: Uint8Array;
  readonly spkiSha256: string;
  readonly zoneId: string;
}

/** A locked key: `docs/reference/key-file.md`. */
export interface KeyEnvelope {
  readonly header: KeyHeader;
  /** As long as the PKCS#8 that it hides. */
  readonly ciphertext: Uint8Array;
  /** 16 octets. */
  readonly tag: Uint8Array;
}

/** The additional authenticated data of the cipher: the header as canonical JSON in UTF-8. */
export function authenticatedData(header: KeyHeader): Uint8Array {
  return Buffer.from(canonicalJson(headerJson(header)), 'utf8');
}

/** The file's bytes: one line of canonical JSON with its checksum. */
export function renderKeyEnvelope(envelope: KeyEnvelope): Uint8Array {
  const body = {
    ciphertext: base64(envelope.ciphertext),
    header: headerJson(envelope.header),
    tag: base64(envelope.tag),
  };
  const checksum = createHash('sha256').update(canonicalJson(body)).digest('hex');
  return Buffer.from(`${canonicalJson({ ...body, checksum })}\n`, 'utf8');
}

/**
 * Reads a key file. Throws `damaged` unless the bytes are exactly those that `renderKeyEnvelope`
 * makes of what they say, checksum included, and the work factor lies between 2^15 and 2^20: less
 * would be a downgrade, more would take all memory.
 */
export function parseKeyEnvelope(bytes: Uint8Array, path: string): KeyEnvelope {
  const envelope = findEnvelope(parseJson(bytes));
  if (envelope === undefined || Buffer.compare(renderKeyEnvelope(envelope), bytes) !== 0) {
    throw new ZmintError('damaged', `the key file ${path} is not what was written`, {
      hint: 'put it back from a backup of the zone; the passphrase is not to blame',
      details: { path },
    });
  }
  return envelope;
}

function headerJson(header: KeyHeader): object {
  const { kdf } = header;
  return {
    cipher: CIPHER,
    format: KEY_FORMAT,
    kdf: kdf.name === 'file' ? kdf : { ...kdf, salt: base64(kdf.salt) },
    nonce: base64(header.nonce),
    spkiSha256: header.spkiSha256,
    zoneId: header.zoneId,
  };
}

function findEnvelope(json: unknown): KeyEnvelope | undefined {
  const header = field(json, 'header');
  const kdf = findKdf(field(header, 'kdf'));
  const nonce = octets(field(header, 'nonce'), 12);
  const tag = octets(field(json, 'tag'), 16);
  const ciphertext = octets(field(json, 'ciphertext'));
  const spkiSha256 = field(header, 'spkiSha256');
  const zoneId = field(header, 'zoneId');
  if (typeof spkiSha256 !== 'string' || typeof zoneId !== 'string') return undefined;
  if (kdf === undefined || nonce === undefined) return undefined;
  if (tag === undefined || ciphertext === undefined) return undefined;
  return { header: { kdf, nonce, spkiSha256, zoneId }, ciphertext, tag };
}

function findKdf(json: unknown): Kdf | undefined {
  if (field(json, 'name') === 'file') return { name: 'file' };
  const n = field(json, 'N');
  const salt = octets(field(json, 'salt'), 32);
  if (field(json, 'name') !== 'scrypt' || typeof n !== 'number' || salt === undefined) {
    return undefined;
  }
  if (n < LEAST_N || n > MOST_N || !Number.isInteger(Math.log2(n))) return undefined;
  return { name: 'scrypt', N: n, r: 8, p: 1, salt };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function octets(value: unknown, length?: number): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return length === undefined || bytes.length === length ? bytes : undefined;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
