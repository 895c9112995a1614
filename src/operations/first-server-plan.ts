import { activationOrder } from '../zone/activation-order.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { PlannedServer } from '../zone/remint-plan.js';
import { decideServerNames } from '../zone/server-names.js';
import {
  DEFAULT_SERVER_YEARS,
  validityFor,
  withinIssuer,
  type Validity,
} from '../zone/validity.js';
import type { Zone } from '../zone/zone.js';

/** A server's first certificate: all its names, for a year within its CA's life. */
export function firstServerPlan(
  member: Member,
  by: { readonly zone: Zone; readonly issuer: Validity; readonly at: Instant },
): PlannedServer {
  const wanted = validityFor(by.at, DEFAULT_SERVER_YEARS, by.issuer.notBefore);
  return {
    memberId: member.id,
    name: member.name,
    names: decideServerNames(member, { commonName: null, includeDns: true, today: [] }),
    keySpec: by.zone.keySpec,
    keepKey: false,
    validity: withinIssuer(wanted, by.issuer, `a certificate for ${member.name}`),
    replaces: null,
    replacedEnds: null,
    placedByHand: false,
    order: activationOrder(member, by.zone.caMemberId),
  };
}
