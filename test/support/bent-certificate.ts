import {
  writeBits,
  writeExplicit,
  writeSequence,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { writeExtension } from '../../src/x509/extension.js';
import { writeTime } from '../../src/x509/time.js';
import { NOW } from '../support/issue-for-test.js';

const ALGORITHM = fromHex('300a06082a8648ce3d040302');
/** `CN=x`. */
export const NAME = encodeDistinguishedName([{ type: 'CN', value: 'x' }]).der;
/** An Ed25519 key; nothing here is verified. */
const SPKI = fromHex(`302a300506032b6570032100${'5a'.repeat(32)}`);

/** The fields of a TBSCertificate by name, so that a test can bend one; null leaves it out. */
export type Fields = Readonly<Record<string, Uint8Array | null>>;

/** The smallest certificate, with what is given instead of its fields, inside and outside of what is signed. */
export function buildCertificate(bent: Fields = {}, outer: Fields = {}): Uint8Array {
  const fields: Fields = {
    version: writeExplicit(0, writeUnsigned(Uint8Array.of(2))),
    serial: writeUnsigned(Uint8Array.of(1)),
    algorithm: ALGORITHM,
    issuer: NAME,
    validity: writeSequence(writeTime(NOW), writeTime(NOW + 1)),
    subject: NAME,
    spki: SPKI,
    issuerId: null,
    subjectId: null,
    extensions: null,
    more: null,
    ...bent,
  };
  const whole: Fields = {
    tbs: writeSequence(...present(fields)),
    algorithm: ALGORITHM,
    signature: writeBits(fromHex('3006020101020101')),
    more: null,
    ...outer,
  };
  return writeSequence(...present(whole));
}

function present(fields: Fields): readonly Uint8Array[] {
  return Object.values(fields).filter((field) => field !== null);
}

/** The smallest certificate with one extension. */
export function withExtension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return buildCertificate({
    extensions: writeExplicit(3, writeSequence(writeExtension({ oid, critical, value }))),
  });
}
