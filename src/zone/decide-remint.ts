import { ZmintError } from '../errors.js';
import { decideActivation, type ActivationDecision } from './decide-activation.js';
import { planAuthority } from './plan-authority.js';
import { planServers } from './plan-servers.js';
import { refusePending } from './refuse-pending.js';
import type { PlannedAuthority, RemintPlan, RemintRequest } from './remint-plan.js';
import { chooseServers } from './choose-servers.js';
import { remintBreaks, remintWarnings } from './remint-warnings.js';
import { renderInstant } from './instant.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from './zone-snapshot.js';
import type { CertificateRecord } from './certificate-record.js';

/**
 * Decides a remint, purely. Undefined: nothing is due. Throws `operation-pending`, `unknown-member`,
 * `not-valid-then`, `policy` or `usage` with the reason.
 *
 * @param placedByHand - ids of members in whose remint-repo a person has put a set
 */
export function decideRemint(
  snapshot: ZoneSnapshot,
  request: RemintRequest,
  placedByHand: ReadonlySet<string>,
): RemintPlan | undefined {
  const ca = currentCa(snapshot);
  const withCa = request.ca && isDue(request, snapshot, ca);
  const chosen = chooseServers(snapshot, { ...request, ca: withCa });
  refuseContradictions(request, withCa, chosen.length);
  if (!withCa && chosen.length === 0) return undefined;
  refusePending(snapshot, withCa, chosen);
  if (!withCa && ca.notAfter < snapshot.now) {
    throw new ZmintError(
      'not-valid-then',
      `the zone's CA expired ${renderInstant(ca.notAfter)} and can sign nothing any more`,
      {
        hint: 'zmint ssl remint --ca',
      },
    );
  }
  const authority = withCa ? planAuthority(snapshot, request) : null;
  const servers = planServers(snapshot, { request, chosen, authority, placedByHand });
  const decision = decideActivation({
    asked: request.activateAt,
    now: snapshot.now,
    caEnds: ca.notAfter,
    replacedEnds: Math.min(...servers.map((server) => server.replacedEnds ?? Infinity)),
  });
  return assemble(snapshot, request, { authority, servers, decision, ca });
}

interface Parts {
  readonly authority: PlannedAuthority | null;
  readonly servers: RemintPlan['servers'];
  readonly decision: ActivationDecision;
  readonly ca: CertificateRecord;
}

function assemble(snapshot: ZoneSnapshot, request: RemintRequest, parts: Parts): RemintPlan {
  const { authority, servers, decision } = parts;
  const kind = authority === null ? 'server-remint' : 'ca-remint';
  const crossed = authority === null || authority.keepKey || authority.newWithOld;
  const plan: RemintPlan = {
    kind,
    basis: snapshot.sequence,
    at: snapshot.now,
    authority,
    servers,
    devices:
      authority === null
        ? []
        : snapshot.members
            .filter((m) => m.dnsName === null || !isServerKind(m.kind))
            .map((m) => m.name),
    activation: decision.activation,
    immediate: decision.immediate,
    deadline: decision.deadline,
    policy:
      request.policy ?? (crossed || decision.immediate || request.compromised ? 'date' : 'gate'),
    updateName: request.updateName ?? defaultUpdateName(kind, snapshot, servers.length),
    compromised: request.compromised,
    warnings: [],
    breaks: [],
  };
  return {
    ...plan,
    warnings: remintWarnings(snapshot, plan),
    breaks: remintBreaks(snapshot, plan),
  };
}

function isServerKind(kind: string): boolean {
  return kind === 'primary' || kind === 'satellite';
}

function currentCa(snapshot: ZoneSnapshot): CertificateRecord {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  if (active?.kind === 'internal' && record !== undefined) return record;
  throw new ZmintError('policy', 'this zone has no internal CA to remint with', {
    hint: 'zmint ca show',
  });
}

function isDue(request: RemintRequest, snapshot: ZoneSnapshot, record: CertificateRecord): boolean {
  return request.dueWithin === null || record.notAfter <= snapshot.now + request.dueWithin;
}

function refuseContradictions(request: RemintRequest, withCa: boolean, chosen: number): void {
  const contradiction = [
    [request.compromised && !request.ca, '--compromised goes with --ca'],
    [request.compromised && request.keepKey, 'a compromised key cannot be kept'],
    [request.keepKey && request.keySpec !== null, '--keep-key and --key contradict each other'],
    [
      request.keepKey && withCa && request.commonName !== null,
      'with --keep-key the CA keeps its name too',
    ],
    [!withCa && request.commonName !== null && chosen > 1, '--common-name is for one server only'],
  ].find(([holds]) => holds);
  if (contradiction !== undefined) {
    throw new ZmintError('usage', String(contradiction[1]), { hint: 'zmint help ssl remint' });
  }
}

function defaultUpdateName(kind: string, snapshot: ZoneSnapshot, count: number): string {
  const what = kind === 'ca-remint' ? 'CA' : `${count} server certificate${count === 1 ? '' : 's'}`;
  return `Remint ${what} of ${snapshot.zone.name} ${renderInstant(snapshot.now).slice(0, 10)}`;
}
