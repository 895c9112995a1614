import { DAY, renderInstant } from './instant.js';
import { isServer } from './member.js';
import type { PlannedBreak, PlannedServer, RemintPlan } from './remint-plan.js';
import { lostNames } from './server-names.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from './zone-snapshot.js';

/** The longest life of a certificate that mobile devices accept: 825 days in Apple's rules, 2 years in the manuals. */
const MOBILE_YEARS_DAYS = 731;

/** What a person should know before saying yes. */
export function remintWarnings(snapshot: ZoneSnapshot, plan: RemintPlan): readonly string[] {
  return [
    ...authorityWarnings(snapshot, plan),
    ...activationWarnings(plan),
    ...plan.servers.flatMap((server) => serverWarnings(snapshot, server)),
  ];
}

/** Who loses contact, and the way back for each. */
export function remintBreaks(snapshot: ZoneSnapshot, plan: RemintPlan): readonly PlannedBreak[] {
  const { authority } = plan;
  if (authority === null || authority.keepKey || authority.newWithOld) return [];
  const reason = plan.compromised
    ? 'trusts only the old root, which must not vouch for the new one'
    : 'trusts only the old root, which has expired';
  return snapshot.members
    .filter((member) => !isServer(member) && member.home === null)
    .map((member) => ({
      member: member.path,
      reason,
      rescue: 'run install-trust.sh of the rescue kit there (the path is printed at the end)',
    }));
}

function authorityWarnings(snapshot: ZoneSnapshot, plan: RemintPlan): readonly string[] {
  const { authority } = plan;
  if (authority === null) return cutWarnings(snapshot, plan);
  if (authority.keepKey) return ['the CA keeps its key: this is a renewal, not a new key'];
  if (authority.newWithOld || plan.compromised) return [];
  return [
    'the old root has expired: no cross-certificate can help, members must get the new root first',
  ];
}

function cutWarnings(snapshot: ZoneSnapshot, plan: RemintPlan): readonly string[] {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (record === undefined) return [];
  const short = plan.servers.filter((server) => server.validity.notAfter === record.notAfter);
  if (short.length === 0) return [];
  return [`${count(short.length)} cut to the end of the CA, ${renderInstant(record.notAfter)}`];
}

function count(number: number): string {
  return number === 1 ? '1 certificate is' : `${number} certificates are`;
}

function activationWarnings(plan: RemintPlan): readonly string[] {
  const { activation } = plan;
  if (plan.immediate) return ['what is replaced has expired: activation is Immediate'];
  if (activation.when !== 'at') return [];
  return plan.servers
    .filter((server) => server.replacedEnds !== null && server.replacedEnds < activation.instant)
    .map(
      (server) =>
        `${server.name} expires before the activation, ${renderInstant(server.replacedEnds ?? 0)}`,
    );
}

function serverWarnings(snapshot: ZoneSnapshot, server: PlannedServer): readonly string[] {
  const warnings: string[] = [];
  const lost = lostNames(snapshot.current.get(server.memberId)?.dnsNames ?? [], server.names);
  if (lost.length > 0) warnings.push(`${server.name} will no longer answer to ${lost.join(', ')}`);
  if (server.validity.notAfter - server.validity.notBefore > MOBILE_YEARS_DAYS * DAY) {
    warnings.push(`${server.name}: mobile devices refuse certificates of more than 2 years`);
  }
  if (server.keepKey) warnings.push(`${server.name} keeps its key`);
  return warnings;
}
