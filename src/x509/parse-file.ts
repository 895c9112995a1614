import { readBer } from '../encoding/ber.js';
import { TAG } from '../encoding/der-tag.js';
import { decodePem, type PemBlock } from '../encoding/pem.js';
import { ZmintError } from '../errors.js';
import { orDamaged } from './at-place.js';
import type { ContainerFormat, ItemContent, ItemPlace } from './container.js';
import { bareBase64, fileText } from './file-text.js';
import { isKeystore, readKeystore, type Keystore } from './jks.js';
import { oldPemEncryption } from './old-pem-encryption.js';
import { readPfx, type Pfx } from './pkcs12.js';
import { readPkcs7 } from './pkcs7.js';
import { readItem, readTrustedCertificate } from './read-item.js';
import { recognizeDer } from './recognize-der.js';

/** A thing in a file; a PKCS#12 must be opened before it can be said what is in it. */
export type FilePart = ItemPlace & (ItemContent | { readonly kind: 'pfx'; readonly pfx: Pfx });

/** A file, as far as it can be read without a passphrase. */
export type ParsedFile =
  | {
      readonly kind: 'parts';
      readonly format: ContainerFormat;
      readonly parts: readonly FilePart[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'keystore'; readonly keystore: Keystore };

/** More than any keystore or bundle of roots. */
const MOST_FILE_BYTES = 8_388_608;
const MOST_ITEMS = 1000;

const KNOWN_LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'PKCS7',
  'CMS',
  'PKCS #7 SIGNED DATA',
  'PKCS12',
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
  'X509 CRL',
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
]);

/**
 * Tells by content what a file is, never by its name, and reads it: PEM, DER of any kind, PKCS#7,
 * PKCS#12, JKS, JCEKS. One of several things that is damaged is a part of its own. Throws
 * `unreadable` naming byte and fact when the file itself is damaged, it has more than 1000 things or
 * 8 MiB, or it is none of these.
 */
export function parseFile(bytes: Uint8Array): ParsedFile {
  if (bytes.length === 0) throw refusal('it is empty');
  if (bytes.length > MOST_FILE_BYTES) throw refusal(`it has more than ${MOST_FILE_BYTES} bytes`);
  if (isKeystore(bytes)) return { kind: 'keystore', keystore: readKeystore(bytes) };
  const file = looksLikeDer(bytes) ? parseBinary(bytes) : parseText(bytes);
  if (file.parts.length <= MOST_ITEMS) return { kind: 'parts', notes: [], ...file };
  throw refusal(`it has more than ${MOST_ITEMS} certificates and other things`);
}

type Parts = Pick<Extract<ParsedFile, { kind: 'parts' }>, 'format' | 'parts'> & {
  readonly notes?: readonly string[];
};

/** A SEQUENCE or an OBJECT IDENTIFIER whose length can be that of the file. */
function looksLikeDer(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  if (tag === TAG.oid) return bytes.length === length + 2;
  return tag === TAG.sequence && (length >= 0x80 || bytes.length === length + 2);
}

function parseBinary(bytes: Uint8Array): Parts {
  const parts = readBinary(bytes, '');
  const [first] = parts;
  if (recognizeDer(bytes) === 'pkcs7') return { format: 'pkcs7', parts };
  return { format: first?.kind === 'pfx' ? 'pkcs12' : 'der', parts };
}

function parseText(bytes: Uint8Array): Parts {
  const text = fileText(bytes);
  if (!text.includes('-----BEGIN ')) {
    const der = bareBase64(text);
    if (der === undefined) throw refusal('it is neither PEM nor DER, PKCS#12 or a Java keystore');
    return { ...parseBinary(der), notes: ['it is base64 without the boundaries of PEM'] };
  }
  const blocks = decodePem(text);
  if (blocks.length > MOST_ITEMS) throw refusal(`it has more than ${MOST_ITEMS} blocks`);
  const parts = blocks.flatMap((block, index) => {
    const where = `block ${index + 1} (line ${block.line})`;
    const found = orDamaged(() => readBlock(block, where));
    return 'kind' in found ? [{ where, alias: null, localKeyId: null, ...found }] : found;
  });
  const onlyPkcs7 = blocks.every(({ der }) => der.length > 0 && isPkcs7(der));
  return { format: onlyPkcs7 ? 'pkcs7' : 'pem', parts };
}

function isPkcs7(der: Uint8Array): boolean {
  return der[0] === TAG.sequence && recognizeDer(der) === 'pkcs7';
}

function readBlock(block: PemBlock, where: string): readonly FilePart[] {
  const { label, der } = block;
  const place = { where, alias: null, localKeyId: null };
  const method = oldPemEncryption(block);
  if (method !== undefined) {
    const encrypted = { method, data: der };
    return [{ ...place, kind: 'encrypted-key', form: 'PEM', label, encrypted }];
  }
  if (label === 'TRUSTED CERTIFICATE') return [{ ...place, ...readTrustedCertificate(der) }];
  if (label === 'EC PARAMETERS' && der[0] === TAG.sequence) {
    return [{ ...place, kind: 'other', what: 'the parameters of a curve, spelt out' }];
  }
  if (label !== 'EC PARAMETERS' && !KNOWN_LABELS.has(label)) {
    return [{ ...place, kind: 'other', what: `a block labelled "${label}"` }];
  }
  return readBinary(der, where);
}

function readBinary(der: Uint8Array, where: string): readonly FilePart[] {
  const place = { where, alias: null, localKeyId: null };
  const kind = recognizeDer(der);
  if (kind === undefined) throw refusal('it is DER, but nothing that zmint knows');
  if (kind === 'pkcs7') return readBundle(der, where);
  if (kind === 'pkcs12') return [{ ...place, kind: 'pfx', pfx: readPfx(readBer(der)) }];
  return [{ ...place, ...readItem(kind, der) }];
}

function readBundle(der: Uint8Array, where: string): readonly FilePart[] {
  const { certificates, crls } = readPkcs7(readBer(der));
  if (certificates.length + crls.length > MOST_ITEMS) {
    throw refusal(`it has more than ${MOST_ITEMS} certificates`);
  }
  const place = (inside: string): ItemPlace => {
    return { where: where === '' ? inside : `${where}, ${inside}`, alias: null, localKeyId: null };
  };
  return [
    ...certificates.map(({ bytes, offset }, index): FilePart => {
      const content = orDamaged(() => readItem('certificate', bytes));
      return { ...place(`certificate ${index + 1} (byte ${offset})`), ...content };
    }),
    ...crls.map(({ bytes, offset }, index): FilePart => {
      const content = orDamaged(() => readItem('crl', bytes));
      return { ...place(`CRL ${index + 1} (byte ${offset})`), ...content };
    }),
  ];
}

function refusal(fact: string): ZmintError {
  return new ZmintError('unreadable', fact, {
    hint: 'give certificates, keys, requests or CRLs as PEM, DER, PKCS#7, PKCS#12 or JKS',
  });
}
