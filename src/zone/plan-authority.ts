import { ZmintError } from '../errors.js';
import { isSubordinate, type Authority } from './authority.js';
import { nextKeyUri, parseKeyUri, renderKeyUri } from './key-uri.js';
import { KEY_SPECS, type KeySpec } from './key-spec.js';
import type { CaChange, SubordinateChange } from './ca-change.js';
import type { CertificateRecord } from './certificate-record.js';
import { noActiveAuthority } from './no-active-authority.js';
import type { PlannedAuthority, RemintRequest, WantedToken } from './remint-plan.js';
import {
  DEFAULT_CA_YEARS,
  MAXIMUM_YEARS,
  MINIMUM_YEARS,
  validityFor,
  type Validity,
} from './validity.js';
import {
  activeAuthority,
  authorityCertificate,
  nextGeneration,
  type ZoneSnapshot,
} from './zone-snapshot.js';

const YEAR = 31_556_952;

/**
 * The next generation of the CA. Throws `usage` for years or a common name out of range, `policy` for
 * a change to what the zone has already.
 */
export function planAuthority(snapshot: ZoneSnapshot, request: RemintRequest): PlannedAuthority {
  const { active, record } = presentAuthority(snapshot);
  const generation = nextGeneration(snapshot);
  if (request.change !== undefined) {
    const { generation: previousGeneration, kind } = active;
    const replaces = record.fingerprint;
    const from = { generation, previousGeneration, replaces, kind, under: isSubordinate(active) };
    return changedAuthority(snapshot, request, request.change, from);
  }
  const commonName = checkCommonName(request.commonName ?? active.commonName);
  const token = plannedToken(request, generation);
  const crossable = !request.keepKey && !request.compromised && record.notAfter > snapshot.now;
  return {
    generation,
    previousGeneration: active.generation,
    commonName,
    subjectCommonName: authorityCommonName(commonName, generation),
    keySpec: request.keySpec ?? asKeySpec(record.key) ?? snapshot.zone.keySpec,
    keepKey: request.keepKey,
    validity: validityFor(snapshot.now, checkYears(request.years ?? yearsOf(record)), -Infinity),
    newWithOld: crossable,
    oldWithNew: crossable,
    replaces: record.fingerprint,
    ...(token === undefined ? {} : { token }),
  };
}

/** A key that is kept stays where it is. */
function plannedToken(request: RemintRequest, generation: number): WantedToken | undefined {
  const { token, keepKey } = request;
  if (token === undefined || keepKey) return undefined;
  if (token.kind === 'named') return token;
  return { ...token, uri: renderKeyUri(nextKeyUri(parseKeyUri(token.uri).uri, generation)) };
}

function presentAuthority(snapshot: ZoneSnapshot): {
  readonly active: Authority;
  readonly record: CertificateRecord;
} {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (active !== undefined && record !== undefined) return { active, record };
  throw noActiveAuthority(snapshot);
}

/**
 * No cross-certificate can be had: an external CA signs none, and the key of an external root is
 * nowhere at hand. So trust comes first.
 */
function changedAuthority(
  snapshot: ZoneSnapshot,
  request: RemintRequest,
  change: CaChange,
  from: Pick<PlannedAuthority, 'generation' | 'previousGeneration' | 'replaces'> & {
    readonly kind: Authority['kind'];
    /** The CA of today is a subordinate one. */
    readonly under: boolean;
  },
): PlannedAuthority {
  const { kind, under, ...generations } = from;
  refuseSame(change, { kind, under, replaces: from.replaces });
  const crossless = { keepKey: false, newWithOld: false, oldWithNew: false };
  const keySpec = request.keySpec ?? snapshot.zone.keySpec;
  if (change.to === 'subordinate') return subordinate(change, { ...generations, ...crossless });
  if (change.to === 'external') {
    const { commonName, validity } = change.root;
    const origin = { kind: change.to, requests: change.requests };
    const names = { commonName, subjectCommonName: commonName };
    return { ...generations, ...crossless, ...names, keySpec, validity, origin };
  }
  const commonName = checkCommonName(request.commonName ?? snapshot.zone.name);
  const { to, keyMemberId, custody } = change;
  return {
    ...generations,
    ...crossless,
    commonName,
    subjectCommonName: authorityCommonName(commonName, from.generation),
    keySpec,
    validity: validityFor(snapshot.now, checkYears(request.years ?? DEFAULT_CA_YEARS), -Infinity),
    origin: { kind: to, keyMemberId, custody },
  };
}

/** Its generation is that of the request, under which the key lies. */
function subordinate(
  { request, certificate, sameRoot }: SubordinateChange,
  from: Pick<
    PlannedAuthority,
    'previousGeneration' | 'replaces' | 'keepKey' | 'newWithOld' | 'oldWithNew'
  >,
): PlannedAuthority {
  const { generation, commonName, keySpec, keyMemberId, custody } = request;
  return {
    ...from,
    generation,
    commonName,
    subjectCommonName: certificate.commonName,
    keySpec,
    validity: certificate.validity,
    origin: { kind: 'subordinate', keyMemberId, custody, sameRoot },
  };
}

function refuseSame(
  change: CaChange,
  {
    kind,
    replaces,
    under,
  }: {
    readonly kind: Authority['kind'];
    readonly replaces: string;
    readonly under: boolean;
  },
): void {
  if (change.to === 'subordinate') return;
  if (change.to === 'internal' && kind === 'internal' && !under) {
    throw new ZmintError('policy', 'the CA of this zone is internal already', {
      hint: 'zmint ssl remint --ca makes its successor',
    });
  }
  if (change.to === 'internal' || change.root.fingerprint !== replaces) return;
  throw new ZmintError('policy', `${change.root.commonName} is the CA of this zone already`, {
    hint: 'zmint ssl remint --all asks it for new certificates; zmint ssl import takes new intermediates along',
  });
}

/** The CN of a generation: from the second on it ends in ` G<n>`, so that no two keys share a name. */
export function authorityCommonName(commonName: string, generation: number): string {
  return generation === 1 ? commonName : `${commonName} G${generation}`;
}

/** At most 58 characters, so that a generation suffix fits into RFC 5280's 64. Throws `usage`. */
export function checkCommonName(text: string): string {
  const name = text.trim();
  if (
    name.length > 0 &&
    name.length <= 58 &&
    !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name)
  )
    return name;
  throw new ZmintError(
    'usage',
    'the common name of the CA must have 1 to 58 printable characters',
    {
      hint: '--common-name "Example Zone CA"',
    },
  );
}

/** 1 to 10 whole years. Throws `usage`. */
export function checkYears(years: number): number {
  if (Number.isInteger(years) && years >= MINIMUM_YEARS && years <= MAXIMUM_YEARS) return years;
  throw new ZmintError('usage', `${years} years are not possible`, {
    hint: `--years takes ${MINIMUM_YEARS} to ${MAXIMUM_YEARS}`,
  });
}

/** The period of a certificate in whole years, at least 1 and at most 10: what its successor gets by default. */
export function yearsOf(validity: Validity): number {
  const years = Math.round((validity.notAfter + 1 - validity.notBefore) / YEAR);
  return Math.min(MAXIMUM_YEARS, Math.max(MINIMUM_YEARS, years));
}

/** The SPEC that a certificate's key description is; undefined for a key that zmint does not make. */
export function asKeySpec(text: string): KeySpec | undefined {
  return KEY_SPECS.find((spec) => spec === text);
}
