import { firstTagInside, readBer } from '../encoding/ber.js';
import { TAG } from '../encoding/der-tag.js';
import { decodePem, type PemBlock } from '../encoding/pem.js';
import { ZmintError } from '../errors.js';
import { atPlace } from './at-place.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { readPkcs7 } from './pkcs7.js';

const MAX_FILE_BYTES = 4_194_304;
const MAX_CERTIFICATES = 1000;
const LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'PKCS7',
  'CMS',
  'PKCS #7 SIGNED DATA',
]);

/**
 * The certificates in a file, in their order: PEM with any number of blocks and text around them, a
 * certificate in DER, or PKCS#7 in either. Content decides, never the name, which is for messages.
 * Private keys and other PEM blocks are passed over. Throws `unreadable` naming file, block and fact
 * when anything is damaged, there is no certificate, or more than 1000 or 4 MiB.
 */
export function readCertificates(bytes: Uint8Array, name: string): readonly Certificate[] {
  const certificates = atPlace(name, () => {
    if (bytes.length === 0) throw refusal('it is empty');
    if (bytes.length > MAX_FILE_BYTES) throw refusal(`it has more than ${MAX_FILE_BYTES} bytes`);
    return looksLikeDer(bytes) ? readBinary(bytes) : readText(bytes);
  });
  if (certificates.length === 0) throw refusal(`${name}: it has no certificate`);
  return certificates;
}

/** A SEQUENCE longer than 127 bytes, as every certificate is; its second octet is in no text. */
function looksLikeDer(bytes: Uint8Array): boolean {
  return bytes[0] === TAG.sequence && (bytes[1] ?? 0) >= 0x80;
}

function readBinary(der: Uint8Array): readonly Certificate[] {
  if (firstTagInside(der) !== TAG.oid) return [parseCertificate(der)];
  const { certificates } = readPkcs7(readBer(der));
  if (certificates.length > MAX_CERTIFICATES) throw tooMany();
  return certificates.map(({ bytes }, index) =>
    atPlace(`certificate ${index + 1}`, () => parseCertificate(bytes)),
  );
}

function readText(bytes: Uint8Array): readonly Certificate[] {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (!text.includes('-----BEGIN')) throw refusal('it is neither PEM nor DER');
  const blocks = decodePem(text).filter(({ label }) => LABELS.has(label));
  if (blocks.length > MAX_CERTIFICATES) throw tooMany();
  const certificates = blocks.flatMap(readBlock);
  if (certificates.length > MAX_CERTIFICATES) throw tooMany();
  return certificates;
}

function readBlock(block: PemBlock, index: number): readonly Certificate[] {
  return atPlace(`block ${index + 1} (line ${block.line})`, () => readBinary(block.der));
}

function tooMany(): ZmintError {
  return refusal(`it has more than ${MAX_CERTIFICATES} certificates`);
}

function refusal(fact: string): ZmintError {
  return new ZmintError('unreadable', fact, {
    hint: 'certificates are read as PEM, DER or PKCS#7',
  });
}
