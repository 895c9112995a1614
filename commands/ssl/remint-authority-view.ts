import {
  parseKeyUri,
  renderMoment,
  tokenName,
  type OffsetAt,
  type RemintPlan,
} from '../../src/index.js';

/** The lines of a plan that speak about the CA; none for a remint of servers alone. */
export function authorityFields(
  plan: RemintPlan,
  offsetAt: OffsetAt,
): readonly (readonly [label: string, value: string])[] {
  const { authority } = plan;
  if (authority === null) return [];
  const key = authority.keepKey
    ? 'the same key: a renewal (RFC 3647), only dates and serial number change'
    : 'a new key: a re-key (RFC 3647)';
  return [
    ['New CA', `CN=${authority.subjectCommonName}`],
    ['Generation', `${authority.generation}, after ${authority.previousGeneration}`],
    ['CA key', `${authority.keySpec}, ${key}${tokenText(authority.token?.uri)}`],
    ['CA valid until', renderMoment(authority.validity.notAfter, offsetAt)],
    ['Old and new', crossText(plan)],
  ];
}

function tokenText(keyUri: string | undefined): string {
  if (keyUri === undefined) return '';
  const { uri } = parseKeyUri(keyUri);
  return `, as ${uri.object ?? uri.id ?? ''} in the token ${tokenName(uri)}`;
}

/** What the cross-certificates do for clients; RFC 4210 §4.4 names them. */
function crossText(plan: RemintPlan): string {
  const { authority } = plan;
  if (authority === null) return '';
  if (authority.newWithOld && authority.oldWithNew) {
    return 'cross-certificates NewWithOld and OldWithNew: clients that know only the old root and clients that know only the new one reach every server';
  }
  if (authority.keepKey) {
    return 'no cross-certificate is needed: what the old root vouches for, the new one vouches for too';
  }
  return plan.compromised
    ? 'no cross-certificate: the old key is compromised and must not vouch for the new one'
    : 'no cross-certificate is possible: the old root has expired';
}
