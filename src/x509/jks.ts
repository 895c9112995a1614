import { concatBytes, equalBytes } from '../encoding/bytes.js';
import { unreadable } from '../encoding/unreadable.js';
import { createByteReader, type ByteReader } from '../encoding/byte-reader.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { decodeModifiedUtf8, encodeModifiedUtf8 } from '../encoding/modified-utf8.js';

/** A Java keystore of Sun's own kinds, as it lies in the file. */
export interface Keystore {
  readonly kind: 'jks' | 'jceks';
  readonly entries: readonly KeystoreEntry[];
  /** What the integrity digest covers, and the digest. */
  readonly body: Uint8Array;
  readonly digest: Uint8Array;
}

/** One entry. `chain` begins with the certificate of the key. */
export interface KeystoreEntry {
  readonly alias: string;
  /** Milliseconds since 1970; what Java wrote. */
  readonly created: bigint;
  readonly content:
    | {
        readonly kind: 'key';
        /** EncryptedPrivateKeyInfo. */
        readonly encryptedKey: Uint8Array;
        readonly chain: readonly Uint8Array[];
      }
    | { readonly kind: 'certificate'; readonly der: Uint8Array };
}

const MAGIC = { jks: 0xfeedfeed, jceks: 0xcececece } as const;
const KEY_ENTRY = 1;
const CERTIFICATE_ENTRY = 2;
const SECRET_ENTRY = 3;
const DIGEST_OCTETS = 20;
const MOST_ENTRIES = 1000;
const MOST_CHAIN = 100;
const MIGHTY_APHRODITE = encodeUtf8('Mighty Aphrodite');

/** Whether the bytes begin as a JKS or JCEKS file does. */
export function isKeystore(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const number = createByteReader(bytes).uint32('magic number');
  return number === MAGIC.jks || number === MAGIC.jceks;
}

/**
 * Reads JKS or JCEKS of version 1 or 2 (the format that `JavaKeyStore.engineStore` writes). Throws
 * `unreadable` naming byte, entry and fact, also for a secret key of JCEKS, which is a serialized
 * Java object.
 */
export function readKeystore(bytes: Uint8Array): Keystore {
  const reader = createByteReader(bytes);
  const kind = reader.uint32('magic number') === MAGIC.jks ? 'jks' : 'jceks';
  const version = reader.uint32('version');
  if (version !== 1 && version !== 2) throw unreadable(`the keystore is of version ${version}`);
  const count = reader.uint32('number of entries');
  if (count > MOST_ENTRIES) throw unreadable(`the keystore has over ${MOST_ENTRIES} entries`);
  const entries: KeystoreEntry[] = [];
  for (let index = 0; index < count; index += 1) entries.push(readEntry(reader, version, index));
  const body = bytes.subarray(0, reader.offset());
  const digest = reader.bytes(DIGEST_OCTETS, 'digest');
  reader.end('the keystore');
  return { kind, entries, body, digest };
}

/** A JKS file of version 2 without its digest. */
export function writeKeystoreBody(entries: readonly KeystoreEntry[]): Uint8Array {
  return concatBytes([
    uint32(MAGIC.jks),
    uint32(2),
    uint32(entries.length),
    ...entries.flatMap(writeEntry),
  ]);
}

/** What the integrity digest is the SHA-1 of: the password in UTF-16, a fixed text, the body. */
export function keystoreDigestInput(passphrase: Uint8Array, body: Uint8Array): Uint8Array {
  return concatBytes([utf16(passphrase), MIGHTY_APHRODITE, body]);
}

const SALT_OCTETS = 20;
type Sha1 = (data: Uint8Array) => Uint8Array;

/** Opens a key protected in the manner of JKS; undefined when the passphrase does not open it. */
export function openProtectedKey(
  data: Uint8Array,
  passphrase: Uint8Array,
  sha1: Sha1,
): Uint8Array | undefined {
  if (data.length <= 2 * SALT_OCTETS) throw unreadable('the protected key is cut short');
  const password = utf16(passphrase);
  const salt = data.subarray(0, SALT_OCTETS);
  const key = withStream(data.subarray(SALT_OCTETS, -SALT_OCTETS), { password, salt, sha1 });
  const check = sha1(concatBytes([password, key]));
  return equalBytes(check, data.subarray(-SALT_OCTETS)) ? key : undefined;
}

/** Protects a PKCS#8 key in the manner of JKS, under a salt of 20 random octets. */
export function protectKey(
  pkcs8: Uint8Array,
  passphrase: Uint8Array,
  { salt, sha1 }: { readonly salt: Uint8Array; readonly sha1: Sha1 },
): Uint8Array {
  const password = utf16(passphrase);
  return concatBytes([
    salt,
    withStream(pkcs8, { password, salt, sha1 }),
    sha1(concatBytes([password, pkcs8])),
  ]);
}

interface Stream {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly sha1: Sha1;
}

function withStream(data: Uint8Array, { password, salt, sha1 }: Stream): Uint8Array {
  // `slice` of a Buffer would be a view, and the caller's key would be changed.
  const result = Uint8Array.from(data);
  let block = salt;
  for (let at = 0; at < result.length; at += SALT_OCTETS) {
    block = sha1(concatBytes([password, block]));
    for (const [index, octet] of block.entries()) {
      if (at + index < result.length) result[at + index] = (result[at + index] ?? 0) ^ octet;
    }
  }
  return result;
}

function readEntry(reader: ByteReader, version: number, index: number): KeystoreEntry {
  const kind = reader.uint32('kind of entry');
  const alias = decodeModifiedUtf8(reader.bytes(reader.uint16('alias'), 'alias'));
  const created = reader.uint64('date');
  if (kind === CERTIFICATE_ENTRY) {
    const content = { kind: 'certificate', der: readCertificate(reader, version) } as const;
    return { alias, created, content };
  }
  if (kind === KEY_ENTRY) {
    const encryptedKey = reader.bytes(reader.uint32('length of the key'), 'key');
    const count = reader.uint32('length of the chain');
    if (count > MOST_CHAIN)
      throw unreadable(`entry ${index + 1} has over ${MOST_CHAIN} certificates`);
    const chain = Array.from({ length: count }, () => readCertificate(reader, version));
    return { alias, created, content: { kind: 'key', encryptedKey, chain } };
  }
  const what =
    kind === SECRET_ENTRY
      ? 'a secret key, a Java object that zmint cannot read'
      : 'of an unknown kind';
  throw unreadable(`entry ${index + 1} of the keystore is ${what} (byte ${reader.offset()})`);
}

function readCertificate(reader: ByteReader, version: number): Uint8Array {
  if (version === 2) {
    const type = decodeModifiedUtf8(reader.bytes(reader.uint16('type'), 'certificate type'));
    if (!/^X\.?509$/u.test(type))
      throw unreadable('the keystore has a certificate that is not X.509');
  }
  return reader.bytes(reader.uint32('length of a certificate'), 'certificate');
}

function writeEntry({ alias, created, content }: KeystoreEntry): readonly Uint8Array[] {
  const head = (kind: number): readonly Uint8Array[] => [
    uint32(kind),
    text(alias),
    uint64(created),
  ];
  if (content.kind === 'certificate') return [...head(CERTIFICATE_ENTRY), certificate(content.der)];
  return [
    ...head(KEY_ENTRY),
    uint32(content.encryptedKey.length),
    content.encryptedKey,
    uint32(content.chain.length),
    ...content.chain.map(certificate),
  ];
}

function certificate(der: Uint8Array): Uint8Array {
  return concatBytes([text('X.509'), uint32(der.length), der]);
}

function text(value: string): Uint8Array {
  const octets = encodeModifiedUtf8(value);
  return concatBytes([Uint8Array.of(octets.length >> 8, octets.length & 0xff), octets]);
}

function uint32(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}

function uint64(value: bigint): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigInt64(0, value);
  return octets;
}

/** Java's characters of a passphrase, two octets each, the higher one first. */
function utf16(passphrase: Uint8Array): Uint8Array {
  const characters = new TextDecoder('utf-8').decode(passphrase);
  return Uint8Array.from(
    Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index)).flatMap(
      (unit) => [unit >> 8, unit & 0xff],
    ),
  );
}
