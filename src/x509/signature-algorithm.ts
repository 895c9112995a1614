import { equalBytes } from '../encoding/bytes.js';
import { readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readSmallInteger } from '../encoding/der-values.js';
import { readAlgorithm, type AlgorithmIdentifier } from './algorithm.js';

/** Hash functions of signatures. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

/** How a signature was made, for those ways that are acceptable today. */
export type SignatureAlgorithm =
  | { readonly kind: 'rsa' | 'ecdsa'; readonly hash: HashName }
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltLength: number }
  | { readonly kind: 'ed25519' | 'ed448' };

type Parameters = 'none' | 'null';

const PLAIN: ReadonlyMap<string, readonly [SignatureAlgorithm, Parameters]> = new Map([
  ['1.2.840.113549.1.1.11', [{ kind: 'rsa', hash: 'sha256' }, 'null']],
  ['1.2.840.113549.1.1.12', [{ kind: 'rsa', hash: 'sha384' }, 'null']],
  ['1.2.840.113549.1.1.13', [{ kind: 'rsa', hash: 'sha512' }, 'null']],
  ['1.2.840.10045.4.3.2', [{ kind: 'ecdsa', hash: 'sha256' }, 'none']],
  ['1.2.840.10045.4.3.3', [{ kind: 'ecdsa', hash: 'sha384' }, 'none']],
  ['1.2.840.10045.4.3.4', [{ kind: 'ecdsa', hash: 'sha512' }, 'none']],
  ['1.3.101.112', [{ kind: 'ed25519' }, 'none']],
  ['1.3.101.113', [{ kind: 'ed448' }, 'none']],
] as const);

const HASHES: ReadonlyMap<string, HashName> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';
const LONGEST_SALT = 512;

/**
 * What an AlgorithmIdentifier (DER) says: RSA by PKCS#1 v1.5 (RFC 4055 §5) or PSS (§3.1, one hash
 * for the message and for MGF1), ECDSA (RFC 5758 §3.2), Ed25519 and Ed448 (RFC 8410 §3). Undefined
 * for everything else, MD5 and SHA-1 among it, and for parameters that the RFC does not allow.
 */
export function readSignatureAlgorithm(der: Uint8Array): SignatureAlgorithm | undefined {
  if (last === undefined || !equalBytes(last.der, der)) {
    last = { der: Uint8Array.from(der), said: readAnew(der) };
  }
  return last.said;
}

/** What was read last: certificates come one after the other that one key has signed. */
let last: { readonly der: Uint8Array; readonly said: SignatureAlgorithm | undefined } | undefined;

function readAnew(der: Uint8Array): SignatureAlgorithm | undefined {
  const algorithm = readAlgorithm(readDer(der), 'the signature algorithm');
  const known = PLAIN.get(algorithm.oid);
  if (known !== undefined) return parametersFit(algorithm, known[1]) ? known[0] : undefined;
  if (algorithm.oid !== RSA_PSS || algorithm.parameters === undefined) return undefined;
  try {
    return readPss(algorithm.parameters);
  } catch {
    return undefined;
  }
}

function parametersFit({ parameters }: AlgorithmIdentifier, expected: Parameters): boolean {
  // RFC 4055 §5: NULL, and absent must be taken as well.
  if (parameters === undefined) return true;
  return expected === 'null' && parameters.tag === TAG.null;
}

function readPss(parameters: DerElement): SignatureAlgorithm | undefined {
  const fields = fieldsOf(parameters, TAG.sequence, 'the parameters of PSS');
  const hash = hashOf(inner(fields.maybe(constructedTag(0))));
  const mask = inner(fields.maybe(constructedTag(1)));
  const salt = inner(fields.maybe(constructedTag(2)));
  const trailer = fields.maybe(constructedTag(3));
  fields.end();
  const maskHash = mask === undefined ? undefined : maskHashOf(mask);
  const saltLength = salt === undefined ? 20 : readSmallInteger(salt, 'the salt length');
  const fits = hash === maskHash && saltLength <= LONGEST_SALT && trailer === undefined;
  return hash !== undefined && fits ? { kind: 'rsa-pss', hash, saltLength } : undefined;
}

function inner(wrapper: DerElement | undefined): DerElement | undefined {
  if (wrapper === undefined) return undefined;
  const fields = fieldsOf(wrapper, wrapper.tag, 'a parameter of PSS');
  const element = fields.any('value');
  fields.end();
  return element;
}

/** Left out it is SHA-1, which is refused. */
function hashOf(element: DerElement | undefined): HashName | undefined {
  if (element === undefined) return undefined;
  const { oid, parameters } = readAlgorithm(element, 'the hash of PSS');
  if (parameters !== undefined && parameters.tag !== TAG.null) return undefined;
  return HASHES.get(oid);
}

function maskHashOf(element: DerElement): HashName | undefined {
  const { oid, parameters } = readAlgorithm(element, 'the mask function of PSS');
  return oid === MGF1 ? hashOf(parameters) : undefined;
}
