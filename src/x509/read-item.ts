import { readBer } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { parseCertificate } from './certificate.js';
import { parseCertificateList } from './certificate-list.js';
import { parseCertificationRequest } from './certification-request.js';
import type { ItemContent } from './container.js';
import { readShrouded } from './pkcs12.js';
import { readPkcs1, readPkcs8, readSec1 } from './private-key.js';
import { describePublicKey } from './public-key.js';
import { curveIn, type DerKind } from './recognize-der.js';
import { splitTrusted } from './trusted-certificate.js';

/** The kinds that are one thing, not a bundle. */
export type SingleKind = Exclude<DerKind, 'pkcs7' | 'pkcs12'>;

const READERS: Readonly<Record<SingleKind, (der: Uint8Array) => ItemContent>> = {
  certificate: (der) => ({
    kind: 'certificate',
    certificate: parseCertificate(der),
    trust: null,
  }),
  request: (der) => ({ kind: 'request', request: parseCertificationRequest(der) }),
  crl: (der) => ({ kind: 'crl', crl: parseCertificateList(der) }),
  pkcs8: (der) => ({ kind: 'key', key: readPkcs8(der) }),
  pkcs1: (der) => ({ kind: 'key', key: readPkcs1(der) }),
  sec1: (der) => ({ kind: 'key', key: readSec1(der) }),
  'encrypted-pkcs8': (der) => readEncryptedPkcs8(readBer(der)),
  'public-key': (der) => ({ kind: 'public-key', spki: der, key: describePublicKey(der) }),
  'rsa-public-key': () => ({ kind: 'other', what: 'an RSA public key (PKCS#1)' }),
  'dsa-key': () => ({ kind: 'other', what: 'a DSA private key' }),
  curve: (der) => ({ kind: 'other', what: `the name of a curve, ${curveIn(der)}` }),
};

/** Reads one thing of a kind that is known. Throws `unreadable` naming byte and fact. */
export function readItem(kind: SingleKind, der: Uint8Array): ItemContent {
  return READERS[kind](der);
}

/** A certificate with OpenSSL's trust settings behind it. Throws `unreadable`. */
export function readTrustedCertificate(bytes: Uint8Array): ItemContent {
  const { der, trust } = splitTrusted(bytes);
  return { kind: 'certificate', certificate: parseCertificate(der), trust };
}

function readEncryptedPkcs8(element: DerElement): ItemContent {
  const encrypted = readShrouded(element);
  return { kind: 'encrypted-key', form: 'PKCS#8', label: 'ENCRYPTED PRIVATE KEY', encrypted };
}
