import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { readOid, readSmallInteger, readUnsigned } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import {
  readCertificatePolicies,
  readPolicyConstraints,
  readPolicyMappings,
} from './certificate-policies.js';
import {
  readDistributionPoints,
  readIssuingDistributionPoint,
  type DistributionPointName,
} from './distribution-point.js';
import { EXTENSION } from './extension-oid.js';
import {
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from './extension-values.js';
import type { ExtensionReader } from './extension-reader.js';
import { readGeneralName, readGeneralNames } from './general-name.js';
import { generalNameWords } from './general-name-words.js';
import { readNameConstraints } from './name-constraints.js';
import { purposeName } from './purpose-names.js';

/** The extensions of RFC 5280 §4.2 and §5.2 by object identifier. */
export const COMMON_EXTENSIONS: readonly (readonly [oid: string, reader: ExtensionReader])[] = [
  [
    EXTENSION.subjectKeyIdentifier,
    ['subject key identifier', (v) => [readSubjectKeyIdentifier(v)]],
  ],
  [EXTENSION.authorityKeyIdentifier, ['authority key identifier', authorityWords]],
  [EXTENSION.keyUsage, ['key usage', (v) => [readKeyUsage(v).join(', ')]]],
  [
    EXTENSION.extendedKeyUsage,
    ['extended key usage', (v) => [readExtendedKeyUsage(v).map(purposeName).join(', ')]],
  ],
  [EXTENSION.basicConstraints, ['basic constraints', basicConstraintsWords]],
  [EXTENSION.subjectAltName, ['subject alternative name', nameList]],
  [EXTENSION.issuerAltName, ['issuer alternative name', nameList]],
  [EXTENSION.certificateIssuer, ['certificate issuer', nameList]],
  [EXTENSION.nameConstraints, ['name constraints', nameConstraintsWords]],
  [EXTENSION.crlDistributionPoints, ['CRL distribution points', distributionWords]],
  [EXTENSION.freshestCrl, ['freshest CRL', distributionWords]],
  [EXTENSION.issuingDistributionPoint, ['issuing distribution point', issuingPointWords]],
  [EXTENSION.certificatePolicies, ['certificate policies', policyWords]],
  [EXTENSION.policyMappings, ['policy mappings', mappingWords]],
  [EXTENSION.policyConstraints, ['policy constraints', policyConstraintsWords]],
  [
    EXTENSION.inhibitAnyPolicy,
    ['inhibit any policy', (v) => [`after ${smallNumber(v)} certificates`]],
  ],
  [EXTENSION.authorityInfoAccess, ['authority information access', accessWords]],
  [EXTENSION.subjectInfoAccess, ['subject information access', accessWords]],
  [EXTENSION.crlNumber, ['CRL number', (v) => [toHex(bigNumber(v))]]],
  [EXTENSION.deltaCrlIndicator, ['delta of CRL number', (v) => [toHex(bigNumber(v))]]],
];

function authorityWords(value: DerElement): readonly string[] {
  const fields = fieldsOf(value, TAG.sequence, 'authorityKeyIdentifier');
  const key = fields.maybe(primitiveTag(0));
  const issuer = fields.maybe(constructedTag(1));
  const serial = fields.maybe(primitiveTag(2));
  fields.end();
  return [
    ...(key === undefined ? [] : [toHex(key.content)]),
    ...(issuer === undefined
      ? []
      : readGeneralNames(childrenOf(issuer), issuer).map(
          (name) => `issuer: ${generalNameWords(name)}`,
        )),
    ...(serial === undefined ? [] : [`serial number: ${toHex(serial.content)}`]),
  ];
}

function basicConstraintsWords(value: DerElement): readonly string[] {
  const { isCa, pathLength } = readBasicConstraints(value);
  if (!isCa) return ['no CA'];
  return [pathLength === null ? 'CA' : `CA, at most ${pathLength} CAs below it`];
}

function nameList(value: DerElement): readonly string[] {
  const names = childrenOf(expectTag(value, TAG.sequence, 'the names'));
  return readGeneralNames(names, value).map(generalNameWords);
}

function nameConstraintsWords(value: DerElement): readonly string[] {
  const { permitted, excluded } = readNameConstraints(value);
  return [
    ...permitted.map((name) => `permitted: ${generalNameWords(name)}`),
    ...excluded.map((name) => `excluded: ${generalNameWords(name)}`),
  ];
}

function pointName(name: DistributionPointName | null): readonly string[] {
  if (name === null) return [];
  if ('full' in name) return name.full.map(generalNameWords);
  return name.relative.map((part) => `relative to the issuer #${toHex(part)}`);
}

function distributionWords(value: DerElement): readonly string[] {
  return readDistributionPoints(value).flatMap(({ name, crlIssuer }) => [
    ...pointName(name),
    ...crlIssuer.map((issuer) => `issued by ${generalNameWords(issuer)}`),
  ]);
}

function issuingPointWords(value: DerElement): readonly string[] {
  const point = readIssuingDistributionPoint(value);
  const said: readonly (readonly [boolean, string])[] = [
    [point.onlyUserCerts, 'only end entities'],
    [point.onlyCaCerts, 'only CAs'],
    [point.onlyAttributeCerts, 'only attribute certificates'],
    [point.indirect, 'indirect: also certificates of other issuers'],
  ];
  return [...pointName(point.name), ...said.flatMap(([holds, words]) => (holds ? [words] : []))];
}

function policyWords(value: DerElement): readonly string[] {
  return readCertificatePolicies(value).map(({ policy, qualifiers }) =>
    qualifiers.length === 0 ? policy : `${policy} (qualified by ${qualifiers.join(', ')})`,
  );
}

function mappingWords(value: DerElement): readonly string[] {
  return readPolicyMappings(value).map(
    ({ issuerPolicy, subjectPolicy }) => `${issuerPolicy} stands for ${subjectPolicy}`,
  );
}

function policyConstraintsWords(value: DerElement): readonly string[] {
  const { requireExplicit, inhibitMapping } = readPolicyConstraints(value);
  return [
    ...(requireExplicit === null
      ? []
      : [`a policy is required after ${requireExplicit} certificates`]),
    ...(inhibitMapping === null ? [] : [`no mapping after ${inhibitMapping} certificates`]),
  ];
}

const ACCESS_METHODS: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.48.1', 'OCSP'],
  ['1.3.6.1.5.5.7.48.2', 'CA issuers'],
  ['1.3.6.1.5.5.7.48.3', 'time stamping'],
  ['1.3.6.1.5.5.7.48.5', 'CA repository'],
]);

function accessWords(value: DerElement): readonly string[] {
  return childrenOf(expectTag(value, TAG.sequence, 'the access descriptions')).map((element) => {
    const fields = fieldsOf(element, TAG.sequence, 'an access description');
    const method = readOid(fields.next(TAG.oid, 'access method'));
    const location = readGeneralName(fields.any('location'));
    fields.end();
    return `${ACCESS_METHODS.get(method) ?? method}: ${generalNameWords(location)}`;
  });
}

function smallNumber(value: DerElement): number {
  return readSmallInteger(expectTag(value, TAG.integer, 'the number'), 'the number');
}

function bigNumber(value: DerElement): Uint8Array {
  return readUnsigned(expectTag(value, TAG.integer, 'the number'), 'the number');
}
