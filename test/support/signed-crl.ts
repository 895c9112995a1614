import { primitiveTag, TAG } from '../../src/encoding/der-tag.js';
import {
  writeBits,
  writeDer,
  writeExplicit,
  writeSequence,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { parseCertificateList, type CertificateList } from '../../src/x509/certificate-list.js';
import { writeExtension, type Extension } from '../../src/x509/extension.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { writeTime } from '../../src/x509/time.js';
import { keyIdOf, NOW, type TestIdentity } from './issue-for-test.js';

/** What a CRL is to say. */
export interface WantedCrl {
  readonly issuer: TestIdentity;
  readonly revoked?: readonly Revocation[];
  readonly number?: number;
  /** Makes it a delta of that CRL. */
  readonly base?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly extensions?: readonly Extension[];
}

/** A certificate that is revoked, for what reason. */
export interface Revocation {
  readonly certificate: Certificate;
  readonly reason?: number;
}

/** Signs such a CRL. */
export async function signedCrl(wanted: WantedCrl): Promise<CertificateList> {
  const { issuer, revoked = [], number = 1 } = wanted;
  const { signer, certificate } = issuer;
  const tbs = writeSequence(
    writeUnsigned(Uint8Array.of(1)),
    signer.algorithm,
    certificate.subject.der,
    writeTime(wanted.thisUpdate ?? NOW - 3600),
    writeTime(wanted.nextUpdate ?? NOW + 3600),
    ...(revoked.length === 0 ? [] : [writeSequence(...revoked.map(writeEntry))]),
    writeExplicit(
      0,
      writeSequence(
        ...[
          authorityKey(signer.spki),
          numberOf(EXTENSION.crlNumber, number, false),
          ...(wanted.base === undefined
            ? []
            : [numberOf(EXTENSION.deltaCrlIndicator, wanted.base, true)]),
          ...(wanted.extensions ?? []),
        ].map(writeExtension),
      ),
    ),
  );
  const signature = await signer.sign(tbs);
  return parseCertificateList(writeSequence(tbs, signer.algorithm, writeBits(signature)));
}

function writeEntry({ certificate, reason }: Revocation): Uint8Array {
  const extensions =
    reason === undefined
      ? []
      : [
          writeSequence(
            writeExtension({
              oid: EXTENSION.reasonCode,
              critical: false,
              value: writeDer(0x0a, Uint8Array.of(reason)),
            }),
          ),
        ];
  const serial = writeDer(TAG.integer, fromHex(certificate.serial));
  return writeSequence(serial, writeTime(NOW - 7200), ...extensions);
}

function authorityKey(spki: Uint8Array): Extension {
  const value = writeSequence(writeDer(primitiveTag(0), keyIdOf(spki)));
  return { oid: EXTENSION.authorityKeyIdentifier, critical: false, value };
}

function numberOf(oid: string, number: number, critical: boolean): Extension {
  return { oid, critical, value: writeUnsigned(Uint8Array.of(number)) };
}
