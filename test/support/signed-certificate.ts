import { TAG } from '../../src/encoding/der-tag.js';
import {
  writeBoolean,
  writeDer,
  writeExplicit,
  writeNamedBits,
  writeOctetString,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { assembleCertificate } from '../../src/x509/certificate-content.js';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { writeExtension, type Extension } from '../../src/x509/extension.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { KEY_USAGES, type KeyUsage } from '../../src/x509/key-usage.js';
import { writeTime } from '../../src/x509/time.js';
import { keyIdOf, keys, NOW, testSerial, type TestIdentity } from './issue-for-test.js';

/** What a certificate is to say; every extension is given, none is added but the key identifiers. */
export interface Wanted {
  readonly name: string;
  /** Null: it signs itself. */
  readonly issuer: TestIdentity | null;
  readonly extensions: readonly Extension[];
  /** Another subject than `CN=<name>`, DER. */
  readonly subject?: Uint8Array;
  readonly serial?: Uint8Array;
  readonly notAfter?: number;
  readonly keyIds?: boolean;
}

/** Signs such a certificate for a new P-256 key. */
export async function signedCertificate(wanted: Wanted): Promise<TestIdentity> {
  const pair = await keys.generate('ec:P-256');
  const signer = await keys.signer(pair.pkcs8);
  const by = wanted.issuer?.signer ?? signer;
  const subject =
    wanted.subject ?? encodeDistinguishedName([{ type: 'CN', value: wanted.name }]).der;
  const ids = wanted.keyIds === false ? [] : keyIdentifiers(pair.spki, by.spki);
  const tbs = writeSequence(
    writeExplicit(0, writeUnsigned(Uint8Array.of(2))),
    writeUnsigned(wanted.serial ?? testSerial()),
    by.algorithm,
    wanted.issuer?.certificate.subject.der ?? subject,
    writeSequence(writeTime(NOW - 3600), writeTime(wanted.notAfter ?? NOW + 86_400 * 300)),
    subject,
    pair.spki,
    writeExplicit(3, writeSequence(...[...wanted.extensions, ...ids].map(writeExtension))),
  );
  const der = assembleCertificate(tbs, by.algorithm, await by.sign(tbs));
  return { pair, signer, certificate: parseCertificate(der) };
}

/** The extensions of a CA, and further ones. */
export function caExtensions(...others: readonly Extension[]): readonly Extension[] {
  return [constraintsOf(true), usageOf('keyCertSign', 'cRLSign'), ...others];
}

/** Basic constraints, critical. */
export function constraintsOf(ca: boolean, pathLength?: number, critical = true): Extension {
  const length = pathLength === undefined ? [] : [writeUnsigned(Uint8Array.of(pathLength))];
  const value = writeSequence(...(ca ? [writeBoolean(true)] : []), ...length);
  return { oid: EXTENSION.basicConstraints, critical, value };
}

/** Key usage, critical. */
export function usageOf(...usages: readonly KeyUsage[]): Extension {
  const value = writeNamedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));
  return { oid: EXTENSION.keyUsage, critical: true, value };
}

/** Extended key usage. */
export function purposesOf(...purposes: readonly string[]): Extension {
  const value = writeSequence(...purposes.map(writeOid));
  return { oid: EXTENSION.extendedKeyUsage, critical: false, value };
}

/** A subject alternative name of `[number] text`, IA5String implicit: 1 e-mail, 2 DNS, 6 URI. */
export function namesOf(...names: readonly (readonly [number: number, text: string])[]): Extension {
  const value = writeSequence(...names.map(generalName));
  return { oid: EXTENSION.subjectAltName, critical: false, value };
}

/** Name constraints of such names, critical. */
export function nameConstraintsOf(given: {
  readonly permitted?: readonly Uint8Array[];
  readonly excluded?: readonly Uint8Array[];
}): Extension {
  const lists = [given.permitted, given.excluded].flatMap((bases, index) =>
    bases === undefined
      ? []
      : [writeDer(0xa0 | index, ...bases.map((base) => writeSequence(base)))],
  );
  return { oid: EXTENSION.nameConstraints, critical: true, value: writeSequence(...lists) };
}

/** `[number] text`. */
export function generalName([number, text]: readonly [number: number, text: string]): Uint8Array {
  return writeDer(0x80 | number, encodeUtf8(text));
}

/** Certificate policies by their object identifiers. */
export function policiesOf(...policies: readonly string[]): Extension {
  const value = writeSequence(...policies.map((policy) => writeSequence(writeOid(policy))));
  return { oid: EXTENSION.certificatePolicies, critical: false, value };
}

/** An extension that nobody knows. */
export function strangeExtension(critical: boolean): Extension {
  return { oid: '1.3.6.1.4.1.99999.7', critical, value: writeDer(TAG.null) };
}

function keyIdentifiers(own: Uint8Array, issuer: Uint8Array): readonly Extension[] {
  return [
    { oid: EXTENSION.subjectKeyIdentifier, critical: false, value: writeOctetString(keyIdOf(own)) },
    {
      oid: EXTENSION.authorityKeyIdentifier,
      critical: false,
      value: writeSequence(writeDer(0x80, keyIdOf(issuer))),
    },
  ];
}

/** The certificates of identities. */
export function certificatesOf(...identities: readonly TestIdentity[]): readonly Certificate[] {
  return identities.map(({ certificate }) => certificate);
}
