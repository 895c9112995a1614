import type { Attribute, Handle } from 'pkcs11js';
import { fromHex, toHex } from '../../encoding/hex.js';
import { readDer } from '../../encoding/der.js';
import { TAG } from '../../encoding/der-tag.js';
import {
  writeBits,
  writeDer,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../../encoding/der-writer.js';
import { FIXED_PUBLIC_KEYS } from '../../x509/fixed-public-key.js';
import type { KeySpec } from '../../zone/key-spec.js';
import { CKA, CKK, CKM } from './cryptoki.js';
import type { PairOrder, TokenSession } from './token-session.js';

const RSA = '1.2.840.113549.1.1.1';
const EXPONENT = Buffer.from('010001', 'hex');

/** ECParameters (RFC 5480 §2.1.1, RFC 8410 §3): the OBJECT IDENTIFIER, DER. */
const CURVES = {
  'ec:P-256': '06082a8648ce3d030107',
  'ec:P-384': '06052b81040022',
  'ec:P-521': '06052b81040023',
  ed25519: '06032b6570',
} as const;

/** The kind of key objects that belongs to a SPEC. */
export function keyTypeOf(spec: KeySpec): number {
  if (spec === 'ed25519') return CKK.edwards;
  return spec.startsWith('rsa:') ? CKK.rsa : CKK.ec;
}

/** A number as PKCS#11 keeps it: unsigned, the lowest octet first. */
export function readNumber(value: Uint8Array | undefined): number | undefined {
  return value?.reduceRight((sum, octet) => sum * 256 + octet, 0);
}

/** The order for a pair that lives in the token, whose private half never leaves it and signs alone. */
export function pairOrder(spec: KeySpec, id: string, label: string): PairOrder {
  const common: readonly Attribute[] = [
    { type: CKA.token, value: true },
    { type: CKA.id, value: Buffer.from(id, 'hex') },
    { type: CKA.label, value: label },
  ];
  const privateKey = [
    ...common,
    { type: CKA.private, value: true },
    { type: CKA.sensitive, value: true },
    { type: CKA.extractable, value: false },
    { type: CKA.sign, value: true },
    { type: CKA.decrypt, value: false },
    { type: CKA.unwrap, value: false },
    { type: CKA.derive, value: false },
  ];
  const shown = [
    ...common,
    { type: CKA.private, value: false },
    { type: CKA.verify, value: true },
    { type: CKA.encrypt, value: false },
    { type: CKA.wrap, value: false },
    ...parametersOf(spec),
  ];
  return { mechanism: { mechanism: generatorOf(spec) }, publicKey: shown, privateKey };
}

function parametersOf(spec: KeySpec): readonly Attribute[] {
  if (spec in CURVES) {
    const value = Buffer.from(CURVES[spec as keyof typeof CURVES], 'hex');
    return [{ type: CKA.ecParams, value }];
  }
  return [
    { type: CKA.modulusBits, value: Number(spec.slice('rsa:'.length)) },
    { type: CKA.publicExponent, value: EXPONENT },
  ];
}

function generatorOf(spec: KeySpec): number {
  if (spec === 'ed25519') return CKM.edwardsKeyPair;
  return spec.startsWith('rsa:') ? CKM.rsaKeyPair : CKM.ecKeyPair;
}

/** SubjectPublicKeyInfo of a public key object, DER; undefined for a kind that zmint does not use. */
export function spkiOf(session: TokenSession, object: Handle): Uint8Array | undefined {
  const kind = readNumber(session.read(object, CKA.keyType));
  return kind === CKK.rsa ? rsaSpki(session, object) : curveSpki(session, object);
}

function rsaSpki(session: TokenSession, object: Handle): Uint8Array | undefined {
  const modulus = session.read(object, CKA.modulus);
  const exponent = session.read(object, CKA.publicExponent);
  if (modulus === undefined || exponent === undefined) return undefined;
  const algorithm = writeSequence(writeOid(RSA), writeDer(TAG.null));
  const key = writeSequence(writeUnsigned(modulus), writeUnsigned(exponent));
  return writeSequence(algorithm, writeBits(key));
}

function curveSpki(session: TokenSession, object: Handle): Uint8Array | undefined {
  const parameters = session.read(object, CKA.ecParams);
  const point = session.read(object, CKA.ecPoint);
  if (parameters === undefined || point === undefined) return undefined;
  const curve = Object.entries(CURVES).find(([, oid]) => oid === toHex(parameters))?.[0];
  if (curve === undefined) return undefined;
  const { header, length } = FIXED_PUBLIC_KEYS[curve as keyof typeof FIXED_PUBLIC_KEYS];
  const bits = pointOf(point, length - header.length);
  return bits === undefined ? undefined : fromHex(toHex(header) + toHex(bits));
}

/** DER of an OCTET STRING as PKCS#11 has it, or the bare octets, as some tokens give them. */
function pointOf(value: Uint8Array, length: number): Uint8Array | undefined {
  if (value.length === length) return value;
  try {
    const { tag, content } = readDer(value);
    return tag === TAG.octetString && content.length === length ? content : undefined;
  } catch {
    return undefined;
  }
}
