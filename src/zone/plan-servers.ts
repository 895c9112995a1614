import { ZmintError } from '../errors.js';
import { activationOrder } from './activation-order.js';
import { parseDnsPattern } from './dns-name.js';
import type { Member } from './member.js';
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
  const { request, authority } = choice;
  const today = snapshot.current.get(member.id);
  const asked =
    authority === null && request.commonName !== null ? parseDnsPattern(request.commonName) : null;
  const names = decideServerNames(member, {
    commonName: asked,
    includeDns: request.includeDns,
    today: today?.dnsNames ?? [],
  });
  const inherited = today === undefined ? DEFAULT_SERVER_YEARS : yearsOf(today);
  const years = checkYears((authority === null ? request.years : null) ?? inherited);
  const keepKey = request.keepKey && today !== undefined;
  return {
    memberId: member.id,
    name: member.name,
    names,
    keySpec:
      (keepKey ? asKeySpec(today.key) : request.keySpec) ??
      asKeySpec(today?.key ?? '') ??
      snapshot.zone.keySpec,
    keepKey,
    validity: withinIssuer(
      validityFor(snapshot.now, years, issuer.notBefore),
      issuer,
      `a certificate for ${member.name}`,
    ),
    replaces: today?.fingerprint ?? null,
    replacedEnds: today?.notAfter ?? null,
    placedByHand: authority === null && choice.placedByHand.has(member.id),
    order: activationOrder(member, snapshot.zone.caMemberId),
  };
}

function activeValidity(snapshot: ZoneSnapshot): Validity {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (record !== undefined) return record;
  throw new ZmintError('damaged', 'the zone has no active CA', { hint: 'zmint doctor' });
}
