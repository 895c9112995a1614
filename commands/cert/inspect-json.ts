import {
  describeEncryption,
  extensionWords,
  renderInstant,
  type ContainerItem,
  type Extension,
  type InspectedItem,
  type Inspection,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** The inspection as `zmint.cert-inspect/1`; positions of items are counted from 0. */
export function inspectionJson(file: string, inspection: Inspection): JsonDocument {
  const { format, notes, items, chains } = inspection;
  return { file, format, notes, items: items.map(itemJson), chains };
}

function itemJson({ item, fingerprints, spkiSha256, matches, weaknesses }: InspectedItem) {
  const { kind, where, alias, localKeyId } = item;
  return {
    kind,
    where,
    alias,
    localKeyId,
    ...contentJson(item),
    ...(fingerprints === null ? {} : { fingerprints }),
    spkiSha256,
    matches,
    problems: weaknesses,
  };
}

function contentJson(item: ContainerItem): JsonDocument {
  switch (item.kind) {
    case 'certificate':
      return certificateJson(item);
    case 'request': {
      const { subject, key, signatureAlgorithmName, extensions, attributes } = item.request;
      return {
        subject: subject.text,
        key,
        signatureAlgorithm: signatureAlgorithmName,
        attributes,
        extensions: extensions.map(extensionJson),
      };
    }
    case 'crl':
      return crlJson(item);
    case 'key':
      return { key: item.key.key, form: item.key.form };
    case 'public-key':
      return { key: item.key };
    case 'encrypted-key':
      return { form: item.form, encryption: describeEncryption(item.encrypted.method) };
    case 'encrypted-part':
      return { encryption: describeEncryption(item.encrypted.method) };
    case 'damaged':
      return { reason: item.reason };
    case 'other':
      return { what: item.what };
  }
}

function certificateJson({
  certificate,
  trust,
}: Extract<ContainerItem, { kind: 'certificate' }>): JsonDocument {
  return {
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    version: certificate.version,
    notBefore: renderInstant(certificate.notBefore),
    notAfter: renderInstant(certificate.notAfter),
    key: certificate.key,
    signatureAlgorithm: certificate.signatureAlgorithmName,
    isCa: certificate.isCa,
    pathLength: certificate.pathLength,
    keyUsage: certificate.keyUsage,
    extendedKeyUsage: certificate.extendedKeyUsage,
    subjectKeyId: certificate.subjectKeyId,
    authorityKeyId: certificate.authorityKeyId,
    dnsNames: certificate.dnsNames,
    ipAddresses: certificate.ipAddresses,
    emailAddresses: certificate.emailAddresses,
    uris: certificate.uris,
    extensions: certificate.extensions.map(extensionJson),
    trust,
  };
}

function crlJson({ crl }: Extract<ContainerItem, { kind: 'crl' }>): JsonDocument {
  return {
    issuer: crl.issuer.text,
    version: crl.version,
    thisUpdate: renderInstant(crl.thisUpdate),
    nextUpdate: crl.nextUpdate === null ? null : renderInstant(crl.nextUpdate),
    signatureAlgorithm: crl.signatureAlgorithmName,
    crlNumber: crl.crlNumber,
    revoked: crl.revoked.map(({ serial, revokedAt, reason }) => ({
      serial,
      revokedAt: renderInstant(revokedAt),
      reason,
    })),
    extensions: crl.extensions.map(extensionJson),
  };
}

function extensionJson(extension: Extension): JsonDocument {
  const { oid, critical } = extension;
  return { oid, critical, ...extensionWords(extension) };
}
