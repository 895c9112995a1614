import type { CutList } from './cut-list.js';
import { DAY, renderInstant } from './instant.js';
import type { RemintDraft } from './remint-draft.js';
import type { PlannedAuthority, PlannedBreak, PlannedServer, RemintPlan } from './remint-plan.js';
import type { RemintSums } from './remint-tally.js';
import { lostNames } from './server-names.js';
import type { ZoneSnapshot } from './zone-snapshot.js';

/** The longest life of a certificate that mobile devices accept: 825 days in Apple's rules, 2 years in the manuals. */
const MOBILE_YEARS_DAYS = 731;

/** What a person should know before saying yes. */
export function remintWarnings(
  draft: RemintDraft,
  plan: RemintPlan,
  sums: RemintSums,
): CutList<string> {
  const own = [...authorityWarnings(draft, plan, sums.cut), ...activationWarnings(plan)];
  return {
    total: own.length + sums.serverWarnings.total,
    shown: [...own, ...sums.serverWarnings.shown],
  };
}

/** Who loses contact, and the way back for each. */
export function remintBreaks(plan: RemintPlan, sums: RemintSums): CutList<PlannedBreak> {
  const { authority } = plan;
  if (authority === null || authority.keepKey || authority.newWithOld || isChange(authority))
    return { total: 0, shown: [] };
  const reason = plan.compromised
    ? 'trusts only the old root, which must not vouch for the new one'
    : 'trusts only the old root, which has expired';
  const rescue = 'run install-trust.sh of the rescue kit there (the path is printed at the end)';
  const { total, shown } = sums.stranded;
  return { total, shown: shown.map(({ member }) => ({ member, reason, rescue })) };
}

/** Then activation waits for the trust of every member, and nobody is left behind. */
function isChange({ origin }: PlannedAuthority): boolean {
  return origin !== undefined;
}

function authorityWarnings(draft: RemintDraft, plan: RemintPlan, cut: number): readonly string[] {
  const { authority } = plan;
  if (authority === null) return cutWarnings(draft, cut);
  if (authority.keepKey) return ['the CA keeps its key: this is a renewal, not a new key'];
  if (authority.newWithOld || plan.compromised || isChange(authority)) return [];
  return [
    'the old root has expired: no cross-certificate can help, members must get the new root first',
  ];
}

function cutWarnings({ ca }: RemintDraft, cut: number): readonly string[] {
  return cut === 0 ? [] : [`${count(cut)} cut to the end of the CA, ${renderInstant(ca.notAfter)}`];
}

function count(number: number): string {
  return number === 1 ? '1 certificate is' : `${number} certificates are`;
}

function activationWarnings(plan: RemintPlan): readonly string[] {
  const { activation } = plan;
  if (plan.immediate) return ['what is replaced has expired: activation is Immediate'];
  if (activation.when !== 'at') return [];
  return plan.servers.shown
    .filter((server) => server.replacedEnds !== null && server.replacedEnds < activation.instant)
    .map(
      (server) =>
        `${server.name} expires before the activation, ${renderInstant(server.replacedEnds ?? 0)}`,
    );
}

/** What a person should know about one server's next certificate. */
export function serverWarnings(snapshot: ZoneSnapshot, server: PlannedServer): readonly string[] {
  // What an external CA makes of the request is looked at when it comes.
  if (server.awaited === true) return [];
  const warnings: string[] = [];
  const lost = lostNames(snapshot.current.get(server.memberId)?.dnsNames ?? [], server.names);
  if (lost.length > 0) warnings.push(`${server.name} will no longer answer to ${lost.join(', ')}`);
  if (server.validity.notAfter - server.validity.notBefore > MOBILE_YEARS_DAYS * DAY) {
    warnings.push(`${server.name}: mobile devices refuse certificates of more than 2 years`);
  }
  if (server.keepKey) warnings.push(`${server.name} keeps its key`);
  return warnings;
}
