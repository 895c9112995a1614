import { ZmintError } from '../errors.js';
import { isSubordinate } from './authority.js';
import type { CaChange } from './ca-change.js';
import { chooseServers } from './choose-servers.js';
import type { CertificateRecord } from './certificate-record.js';
import { decideActivation, type ActivationDecision } from './decide-activation.js';
import { renderInstant } from './instant.js';
import { noActiveAuthority } from './no-active-authority.js';
import { planAuthority } from './plan-authority.js';
import { planServers } from './plan-servers.js';
import { refuseAwaited } from './refuse-awaited.js';
import { refuseRunning, refuseTouched } from './refuse-pending.js';
import type { RemintDraft } from './remint-draft.js';
import type { PlannedServer, RemintPlan, RemintRequest } from './remint-plan.js';
import type { RemintSums, RemintTally } from './remint-tally.js';
import { remintBreaks, remintWarnings, serverWarnings } from './remint-warnings.js';
import {
  activeAuthority,
  authorityCertificate,
  memberById,
  type ZoneSnapshot,
} from './zone-snapshot.js';

/**
 * Begins to decide a remint, purely: what concerns the CA. Throws `operation-pending`,
 * `not-valid-then`, `policy` or `usage` with the reason.
 *
 * @param base - the zone, of which no member is needed
 * @param placedByHand - ids of members in whose remint-repo a person has put a set
 */
export function draftRemint(
  base: ZoneSnapshot,
  request: RemintRequest,
  placedByHand: ReadonlySet<string>,
): RemintDraft {
  const ca = currentCa(base, request);
  const withCa = request.ca && isDue(request, base, ca);
  refuseContradictions(request, withCa);
  if (withCa) {
    refuseAwaited(base, request);
    refuseRunning(base, true);
  }
  const authority = withCa ? planAuthority(base, request) : null;
  return { request, placedByHand, ca, authority };
}

/**
 * The planned servers of a batch of members, in the order of activation. Throws `operation-pending`
 * and what stands in the way of their certificates.
 */
export function planBatch(batch: ZoneSnapshot, draft: RemintDraft): readonly PlannedServer[] {
  const { request, authority, placedByHand } = draft;
  const chosen = chooseServers(batch, { ...request, ca: authority !== null });
  if (chosen.length === 0) return [];
  refuseRunning(batch, authority !== null);
  refuseTouched(batch, chosen);
  refuseExpired(batch, draft);
  return planServers(batch, { request, chosen, authority, placedByHand });
}

/** Adds a batch to the sums. Throws as `planBatch`. */
export function tallyBatch(tally: RemintTally, batch: ZoneSnapshot, draft: RemintDraft): void {
  for (const planned of planBatch(batch, draft)) {
    const member = memberById(batch, planned.memberId);
    if (member !== undefined)
      tally.addServer({ member, planned, warnings: serverWarnings(batch, planned) });
  }
  if (draft.authority === null) return;
  for (const member of batch.members) tally.addDevice(member);
}

/**
 * Ends the decision when all batches have gone by. Undefined: nothing is due. Throws
 * `operation-pending`, `not-valid-then`, `policy` or `usage` with the reason.
 */
export function decideRemint(
  base: ZoneSnapshot,
  draft: RemintDraft,
  sums: RemintSums,
): RemintPlan | undefined {
  const { request, ca, authority } = draft;
  refuseOneName(draft, sums.servers.total);
  if (authority === null && sums.servers.total === 0) return undefined;
  const decision = decideActivation({
    asked: request.activateAt,
    now: base.now,
    caEnds: ca.notAfter,
    replacedEnds: sums.replacedEnds,
  });
  return assemble(base, draft, sums, decision);
}

function assemble(
  base: ZoneSnapshot,
  draft: RemintDraft,
  sums: RemintSums,
  decision: ActivationDecision,
): RemintPlan {
  const { request, authority, placedByHand } = draft;
  const kind = authority === null ? 'server-remint' : 'ca-remint';
  const plan: RemintPlan = {
    kind,
    request,
    placedByHand,
    basis: base.sequence,
    at: base.now,
    authority,
    servers: sums.servers,
    keeping: sums.keeping,
    placed: sums.placed,
    devices: sums.devices,
    unreached: sums.unreached,
    withoutReload: sums.withoutReload,
    activation: decision.activation,
    immediate: decision.immediate,
    deadline: decision.deadline,
    policy: policyOf(draft, decision),
    updateName: request.updateName ?? defaultUpdateName(draft, base, sums.servers.total),
    compromised: request.compromised,
    warnings: { total: 0, shown: [] },
    breaks: { total: 0, shown: [] },
  };
  return {
    ...plan,
    warnings: remintWarnings(draft, plan, sums),
    breaks: remintBreaks(plan, sums),
  };
}

/** Without a cross-certificate trust comes first; for a change of the CA the gate is not to be chosen. */
function policyOf(
  { request, authority }: RemintDraft,
  { immediate }: ActivationDecision,
): RemintPlan['policy'] {
  if (request.change !== undefined && !keepsRoot(request.change)) return 'gate';
  const crossed = authority === null || authority.keepKey || authority.newWithOld;
  const safe = crossed || immediate || request.compromised || request.change !== undefined;
  return request.policy ?? (safe ? 'date' : 'gate');
}

/** Then nobody has a new root to learn. */
function keepsRoot(change: CaChange): boolean {
  return change.to === 'subordinate' && change.sameRoot;
}

function refuseExpired(batch: ZoneSnapshot, { authority, ca }: RemintDraft): void {
  if (authority !== null || ca.notAfter >= batch.now) return;
  throw new ZmintError(
    'not-valid-then',
    `the zone's CA expired ${renderInstant(ca.notAfter)} and can sign nothing any more`,
    { hint: 'zmint ssl remint --ca' },
  );
}

function currentCa(snapshot: ZoneSnapshot, { change }: RemintRequest): CertificateRecord {
  const active = activeAuthority(snapshot);
  const record = active === undefined ? undefined : authorityCertificate(snapshot, active);
  const internal = active?.kind === 'internal' || change !== undefined;
  if (internal && record !== undefined) return record;
  if (active === undefined) throw noActiveAuthority(snapshot);
  throw new ZmintError('policy', 'this zone has no internal CA to remint with', {
    hint: 'zmint ca show',
  });
}

function isDue(request: RemintRequest, snapshot: ZoneSnapshot, record: CertificateRecord): boolean {
  return request.dueWithin === null || record.notAfter <= snapshot.now + request.dueWithin;
}

function refuseContradictions(request: RemintRequest, withCa: boolean): void {
  const contradiction = [
    [request.compromised && !request.ca, '--compromised goes with --ca'],
    [request.compromised && request.keepKey, 'a compromised key cannot be kept'],
    [request.keepKey && request.keySpec !== null, '--keep-key and --key contradict each other'],
    [
      request.keepKey && withCa && request.commonName !== null,
      'with --keep-key the CA keeps its name too',
    ],
  ].find(([holds]) => holds);
  if (contradiction !== undefined) throw misused(String(contradiction[1]));
}

function refuseOneName({ request, authority }: RemintDraft, chosen: number): void {
  if (authority === null && request.commonName !== null && chosen > 1)
    throw misused('--common-name is for one server only');
}

function misused(message: string): ZmintError {
  return new ZmintError('usage', message, { hint: 'zmint help ssl remint' });
}

/** The kind of CA that the zone has not had; null: it is a successor of the same kind. */
function changedTo({ change }: RemintRequest, snapshot: ZoneSnapshot): string | null {
  const active = activeAuthority(snapshot);
  const successor = change?.to === 'subordinate' && active !== undefined && isSubordinate(active);
  return change === undefined || successor ? null : change.to;
}

function defaultUpdateName(
  { request, authority }: RemintDraft,
  snapshot: ZoneSnapshot,
  count: number,
): string {
  const day = renderInstant(snapshot.now).slice(0, 10);
  const kind = changedTo(request, snapshot);
  if (kind !== null) return `Change CA of ${snapshot.zone.name} to ${kind} ${day}`;
  const what = authority !== null ? 'CA' : `${count} server certificate${count === 1 ? '' : 's'}`;
  return `Remint ${what} of ${snapshot.zone.name} ${day}`;
}
