import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import {
  writeDer,
  writeExplicit,
  writeOctetString,
  writeOid,
  writeSequence,
  writeSetOf,
} from '../encoding/der-writer.js';
import type { EncryptionMethod } from './encryption-method.js';
import type { Pkcs12Mac } from './pkcs12-mac.js';
import { writeEncryptionMethod, writeNumber } from './write-encryption-method.js';

/** What is said of a certificate or key in a bag. */
export interface BagAttributes {
  readonly alias: string | null;
  /** Ties a key to its certificate. */
  readonly localKeyId: Uint8Array | null;
  /** Java lists a certificate without a key only with its own mark of trust. */
  readonly javaTrusted: boolean;
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const JAVA_TRUSTED = '2.16.840.1.113894.746875.1.1';
const ANY_PURPOSE = '2.5.29.37.0';
const MAC_HASHES = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' } as const;

/** The hash functions that MACs are written with. */
export type WrittenMacHash = keyof typeof MAC_HASHES;

/** A certificate in a bag (RFC 7292 §4.2.3). */
export function writeCertificateBag(der: Uint8Array, attributes: BagAttributes): Uint8Array {
  const value = writeSequence(writeOid(X509_CERTIFICATE), writeExplicit(0, writeOctetString(der)));
  return writeBag(CERTIFICATE_BAG, value, attributes);
}

/** An EncryptedPrivateKeyInfo in a bag (§4.2.2). */
export function writeKeyBag(shrouded: Uint8Array, attributes: BagAttributes): Uint8Array {
  return writeBag(SHROUDED_KEY_BAG, shrouded, attributes);
}

/** Bags in clear, as a part of the AuthenticatedSafe. */
export function writeClearPart(bags: readonly Uint8Array[]): Uint8Array {
  return writeSequence(writeOid(DATA), writeExplicit(0, writeOctetString(writeSequence(...bags))));
}

/** Encrypted SafeContents, as a part of the AuthenticatedSafe (RFC 7292 §4.1, RFC 5652 §8). */
export function writeEncryptedPart(method: EncryptionMethod, data: Uint8Array): Uint8Array {
  const content = writeSequence(
    writeOid(DATA),
    writeEncryptionMethod(method),
    writeDer(primitiveTag(0), data),
  );
  return writeSequence(
    writeOid(ENCRYPTED_DATA),
    writeExplicit(0, writeSequence(writeNumber(0), content)),
  );
}

/** The whole file around an AuthenticatedSafe; without a MAC when it is null. */
export function writePfx(
  authenticatedSafe: Uint8Array,
  mac: (Pkcs12Mac & { readonly hash: WrittenMacHash }) | null,
): Uint8Array {
  return writeSequence(
    writeNumber(3),
    writeSequence(writeOid(DATA), writeExplicit(0, writeOctetString(authenticatedSafe))),
    ...(mac === null ? [] : [writeMac(mac)]),
  );
}

function writeMac({ hash, derivation, digest }: Pkcs12Mac & { readonly hash: WrittenMacHash }) {
  const algorithm = writeSequence(writeOid(MAC_HASHES[hash]), writeDer(TAG.null));
  const rounds = derivation.kind === 'pkcs12' ? derivation.iterations : 1;
  return writeSequence(
    writeSequence(algorithm, writeOctetString(digest)),
    writeOctetString(derivation.salt),
    writeNumber(rounds),
  );
}

function writeBag(oid: string, value: Uint8Array, attributes: BagAttributes): Uint8Array {
  const { alias, localKeyId, javaTrusted } = attributes;
  const list = [
    ...(alias === null ? [] : [attribute(FRIENDLY_NAME, bmpString(alias))]),
    ...(localKeyId === null ? [] : [attribute(LOCAL_KEY_ID, writeOctetString(localKeyId))]),
    ...(javaTrusted ? [attribute(JAVA_TRUSTED, writeOid(ANY_PURPOSE))] : []),
  ];
  const wrapped = writeDer(constructedTag(0), value);
  return writeSequence(writeOid(oid), wrapped, ...(list.length === 0 ? [] : [writeSetOf(...list)]));
}

function attribute(oid: string, value: Uint8Array): Uint8Array {
  return writeSequence(writeOid(oid), writeSetOf(value));
}

function bmpString(text: string): Uint8Array {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return writeDer(
    TAG.bmpString,
    Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff])),
  );
}
