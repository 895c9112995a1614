import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';
import { ZmintError } from '../errors.js';
import {
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
} from './certificate-policies.js';
import type { Certificate } from './certificate.js';
import { readDistributionPoints, type DistributionPoint } from './distribution-point.js';
import { EXTENSION } from './extension-oid.js';
import { readGeneralName, readGeneralNames, type GeneralName } from './general-name.js';
import { readNameConstraints, type NameConstraints } from './name-constraints.js';

/** The extensions that only path validation interprets (RFC 5280 §6.1.3, §6.1.4, §6.3.3). */
export interface PathExtensions {
  /** Every name in the subject alternative name, of whatever kind. */
  readonly alternativeNames?: readonly GeneralName[];
  readonly nameConstraints?: NameConstraints;
  readonly policies?: readonly PolicyInformation[];
  readonly policyMappings?: readonly PolicyMapping[];
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  readonly distributionPoints?: readonly DistributionPoint[];
  readonly freshestCrl?: readonly DistributionPoint[];
  /** The first extension that is not what its RFC says, in words; all others are then left out. */
  readonly fault?: string;
}

type Reader = (value: DerElement) => PathExtensions;

const NONE: PathExtensions = {};
const NO_NAMES: readonly GeneralName[] = [];
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [EXTENSION.nameConstraints, (value) => ({ nameConstraints: readNameConstraints(value) })],
  [EXTENSION.certificatePolicies, (value) => ({ policies: readCertificatePolicies(value) })],
  [EXTENSION.policyMappings, (value) => ({ policyMappings: readPolicyMappings(value) })],
  [EXTENSION.policyConstraints, (value) => ({ policyConstraints: readPolicyConstraints(value) })],
  [EXTENSION.inhibitAnyPolicy, (value) => ({ inhibitAnyPolicy: readInhibitAnyPolicy(value) })],
  [
    EXTENSION.crlDistributionPoints,
    (value) => ({ distributionPoints: readDistributionPoints(value) }),
  ],
  [EXTENSION.freshestCrl, (value) => ({ freshestCrl: readDistributionPoints(value) })],
  [EXTENSION.authorityInfoAccess, judgeAccess],
  [EXTENSION.subjectInfoAccess, judgeAccess],
  [EXTENSION.subjectAltName, (value) => ({ alternativeNames: readNames(value) })],
  [
    EXTENSION.issuerAltName,
    (value) => {
      readNames(value);
      return NONE;
    },
  ],
]);

const known = new WeakMap<Certificate, PathExtensions>();

/** Reads them once for each certificate; what cannot be read is told in `fault`, nothing is thrown. */
export function pathExtensionsOf(certificate: Certificate): PathExtensions {
  const found = known.get(certificate);
  if (found !== undefined) return found;
  const read = readAll(certificate);
  known.set(certificate, read);
  return read;
}

/** The names in the subject alternative name; none when there is no such extension, or it cannot be read. */
export function alternativeNamesOf(certificate: Certificate): readonly GeneralName[] {
  return pathExtensionsOf(certificate).alternativeNames ?? NO_NAMES;
}

function readAll(certificate: Certificate): PathExtensions {
  let all = NONE;
  for (const { oid, value } of certificate.extensions) {
    const reader = READERS.get(oid);
    if (reader === undefined) continue;
    try {
      all = { ...all, ...reader(readDer(value)) };
    } catch (error) {
      if (!(error instanceof ZmintError)) throw error;
      return { fault: `has an extension ${oid} that cannot be read: ${error.message}` };
    }
  }
  return all;
}

/** RFC 5280 §4.2.2: not needed for a path, but nothing malformed may pass. */
function judgeAccess(value: DerElement): PathExtensions {
  const descriptions = childrenOf(expectTag(value, TAG.sequence, 'the access descriptions'));
  for (const description of descriptions) {
    const fields = fieldsOf(description, TAG.sequence, 'an access description');
    readOid(fields.next(TAG.oid, 'access method'));
    readGeneralName(fields.any('access location'));
    fields.end();
  }
  return NONE;
}

function readNames(value: DerElement): readonly GeneralName[] {
  return readGeneralNames(childrenOf(expectTag(value, TAG.sequence, 'the names')), value);
}
