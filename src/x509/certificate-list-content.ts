import { TAG } from '../encoding/der-tag.js';
import {
  writeBits,
  writeDer,
  writeExplicit,
  writeSequence,
  writeSequenceOf,
  writeUnsigned,
} from '../encoding/der-writer.js';
import { fromHex } from '../encoding/hex.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import { authorityKeyExtension } from './certificate-content.js';
import type { DistinguishedName } from './distinguished-name.js';
import { writeExtension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import { formatTime, writeTime, type CertificateTime } from './time.js';

/** One entry of a CRL that is to be signed (RFC 5280 §5.3). */
export interface RevokedEntry {
  /** Hexadecimal, as in `Certificate`; `-` before the octets as they stand for a negative one. */
  readonly serial: string;
  readonly revokedAt: CertificateTime;
  /** CRLReason; 0 is left out, as §5.3.1 wants it. */
  readonly reason: number;
  /** When the key was probably lost (§5.3.2); null: not known. */
  readonly invalidityDate: CertificateTime | null;
}

/** Everything that zmint decides about a complete CRL before it is signed. */
export interface CertificateListContent {
  readonly issuer: DistinguishedName;
  /** The identifier of the key that signs, as it stands in the issuer's own certificate. */
  readonly authorityKeyId: Uint8Array;
  /** 0 or more. */
  readonly number: number;
  readonly thisUpdate: CertificateTime;
  readonly nextUpdate: CertificateTime;
  /** Each serial number once; their order is kept. */
  readonly revoked: readonly RevokedEntry[];
}

const VERSION_2 = Uint8Array.of(1);
/** ENUMERATED, a universal type that certificates themselves do not have. */
const ENUMERATED = 0x0a;

/**
 * The TBSCertList, version 2, with authority key identifier (by key id alone) and CRL number.
 * `signatureAlgorithm` is the AlgorithmIdentifier of the key that will sign. Throws `policy` for a
 * date that a CRL cannot hold, `bug` for a number that is none.
 */
export function encodeTbsCertificateList(
  content: CertificateListContent,
  signatureAlgorithm: Uint8Array,
): Uint8Array {
  const { revoked } = content;
  return writeSequence(
    writeUnsigned(VERSION_2),
    signatureAlgorithm,
    content.issuer.der,
    writeTime(content.thisUpdate),
    writeTime(content.nextUpdate),
    // RFC 5280 §5.1.2.6: without entries the list itself must be absent.
    ...(revoked.length === 0 ? [] : [writeSequenceOf(revoked.map(writeEntry))]),
    writeExplicit(
      0,
      writeSequence(authorityKeyExtension(content.authorityKeyId), numberExtension(content.number)),
    ),
  );
}

/** The CRL of what was signed and the signature over it (RFC 5280 §5.1.1). */
export function assembleCertificateList(
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return writeSequence(tbs, signatureAlgorithm, writeBits(signature));
}

function writeEntry(entry: RevokedEntry): Uint8Array {
  const extensions = [
    ...(entry.reason === 0
      ? []
      : [extension(EXTENSION.reasonCode, writeDer(ENUMERATED, Uint8Array.of(entry.reason)))]),
    ...(entry.invalidityDate === null
      ? []
      : [extension(EXTENSION.invalidityDate, generalizedTime(entry.invalidityDate))]),
  ];
  return writeSequence(
    writeSerial(entry.serial),
    writeTime(entry.revokedAt),
    ...(extensions.length === 0 ? [] : [writeSequence(...extensions)]),
  );
}

function writeSerial(serial: string): Uint8Array {
  if (serial.startsWith('-')) return writeDer(TAG.integer, fromHex(serial.slice(1)));
  return writeUnsigned(fromHex(serial));
}

/** RFC 5280 §5.3.2: always GeneralizedTime, also before 2050. */
function generalizedTime(time: CertificateTime): Uint8Array {
  const digits = formatTime(time).replace(/[-:T]/gu, '');
  return writeDer(TAG.generalizedTime, encodeUtf8(digits));
}

function numberExtension(number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0)
    throw new ZmintError('bug', `${number} cannot be the number of a CRL`);
  const hex = number.toString(16);
  const octets = fromHex(hex.padStart(hex.length + (hex.length % 2), '0'));
  return extension(EXTENSION.crlNumber, writeUnsigned(octets));
}

function extension(oid: string, value: Uint8Array): Uint8Array {
  return writeExtension({ oid, critical: false, value });
}
