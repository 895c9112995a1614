import { ZmintError } from '../errors.js';
import { KEY_SPECS, type KeySpec } from './key-spec.js';
import type { PlannedAuthority, RemintRequest } from './remint-plan.js';
import { MAXIMUM_YEARS, MINIMUM_YEARS, validityFor, type Validity } from './validity.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from './zone-snapshot.js';

const YEAR = 31_556_952;

/** The next generation of an internal CA. Throws `usage` for years or a common name out of range. */
export function planAuthority(snapshot: ZoneSnapshot, request: RemintRequest): PlannedAuthority {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (active === undefined || record === undefined) {
    throw new ZmintError('damaged', 'the zone has no active CA', { hint: 'zmint doctor' });
  }
  const generation = 1 + Math.max(...snapshot.authorities.map((authority) => authority.generation));
  const commonName = checkCommonName(request.commonName ?? active.commonName);
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
  };
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
