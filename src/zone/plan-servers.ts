import { activationOrder } from './activation-order.js';
import { parseDnsPattern } from './dns-name.js';
import type { CertificateRecord } from './certificate-record.js';
import type { Member } from './member.js';
import { noActiveAuthority } from './no-active-authority.js';
import { asKeySpec, checkYears, yearsOf } from './plan-authority.js';
import type { PlannedAuthority, PlannedServer, RemintRequest } from './remint-plan.js';
import { decideServerNames } from './server-names.js';
import { DEFAULT_SERVER_YEARS, validityFor, withinIssuer, type Validity } from './validity.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from './zone-snapshot.js';

export interface ServerChoice {
  readonly request: RemintRequest;
  readonly chosen: readonly Member[];
  /** The CA that is minted in the same operation; null: the active one issues. */
  readonly authority: PlannedAuthority | null;
  readonly placedByHand: ReadonlySet<string>;
}

/** The next certificate of each chosen server, in the order of activation. */
export function planServers(
  snapshot: ZoneSnapshot,
  choice: ServerChoice,
): readonly PlannedServer[] {
  const issuer = choice.authority?.validity ?? activeValidity(snapshot);
  const planned = choice.chosen.map((member) => planServer(snapshot, choice, member, issuer));
  return [...planned].sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

function planServer(
  snapshot: ZoneSnapshot,
  choice: ServerChoice,
  member: Member,
  issuer: Validity,
): PlannedServer {
  const { request } = choice;
  const today = snapshot.current.get(member.id);
  const years = checkYears(yearsFor(choice, today));
  return {
    memberId: member.id,
    name: member.name,
    names: decideServerNames(member, {
      commonName: commonNameFor(choice),
      includeDns: request.includeDns,
      today: today?.dnsNames ?? [],
    }),
    ...keyFor(snapshot, request, today),
    validity: withinIssuer(
      validityFor(snapshot.now, years, issuer.notBefore),
      issuer,
      `a certificate for ${member.name}`,
    ),
    replaces: today?.fingerprint ?? null,
    replacedEnds: today?.notAfter ?? null,
    ...sourceOf(choice, member),
    order: activationOrder(member, snapshot.zone.caMemberId),
  };
}

/** What is not minted comes from a person: now, or once an external CA has signed. */
function sourceOf(
  { authority, placedByHand }: ServerChoice,
  { id }: Member,
): Pick<PlannedServer, 'placedByHand' | 'awaited'> {
  if (authority?.origin?.kind === 'external') return { placedByHand: true, awaited: true };
  return { placedByHand: authority === null && placedByHand.has(id) };
}

/** With a CA remint, `--common-name` names the CA. */
function commonNameFor(choice: ServerChoice): string | null {
  const { commonName } = choice.request;
  return choice.authority === null && commonName !== null ? parseDnsPattern(commonName) : null;
}

/** With a CA remint, `--years` is for the CA; a server gets as many as it had. */
function yearsFor(choice: ServerChoice, today: CertificateRecord | undefined): number {
  const asked = choice.authority === null ? choice.request.years : null;
  return asked ?? (today === undefined ? DEFAULT_SERVER_YEARS : yearsOf(today));
}

function keyFor(
  snapshot: ZoneSnapshot,
  request: RemintRequest,
  today: CertificateRecord | undefined,
): Pick<PlannedServer, 'keySpec' | 'keepKey'> {
  const present = today === undefined ? undefined : asKeySpec(today.key);
  const usual = present ?? snapshot.zone.keySpec;
  if (request.keepKey && today !== undefined) return { keySpec: usual, keepKey: true };
  return { keySpec: request.keySpec ?? usual, keepKey: false };
}

function activeValidity(snapshot: ZoneSnapshot): Validity {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (record !== undefined) return record;
  throw noActiveAuthority(snapshot);
}
