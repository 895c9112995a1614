import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { decideMember, type MemberInput } from '../zone/decide-member.js';
import { awaitedAuthority } from '../zone/authority-request.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import { formerKeysOf } from '../zone/former-keys.js';
import type { Member } from '../zone/member.js';
import { refuseSharedHomes } from '../zone/refuse-shared-homes.js';
import { refuseWithoutCertificate } from '../zone/refuse-without-certificate.js';
import { refuseWhileAwaited } from '../zone/refuse-awaited.js';
import { activeAuthority, liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { findOneMember } from './find-members.js';
import { membersInTheWay } from './members-in-the-way.js';
import { readAround } from './read-around.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';

/** New values for a member; what is undefined stays, an empty text takes a value away. */
export type MemberUpdate = Omit<MemberInput, 'name'>;

export interface SetPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly before: Member;
  readonly after: Member;
  /** The names of the fields that change. */
  readonly fields: readonly string[];
}

/** Throws `unknown-member`, `policy`, or `usage` when nothing is to be changed. */
export async function planSet(
  ctx: ReadContext,
  word: string,
  update: MemberUpdate,
  now: Instant,
): Promise<SetPlan> {
  const before = await findOneMember(ctx, word);
  const snapshot = await readAround(ctx, await readBase(ctx, now), [before]);
  const after = decideMember({ ...inputOf(before), ...defined(update) }, before);
  if (after.home !== before.home && liveSet(snapshot, before.id) !== undefined) {
    throw new ZmintError(
      'policy',
      `the home of ${before.name} cannot be changed while its certificate lies there`,
      {
        hint: `zmint server remove ${before.name}, then add it again with --home`,
      },
    );
  }
  refuseBareRole(snapshot, before, after);
  if (after.home !== before.home) {
    const others = await membersInTheWay(ctx, [after]);
    refuseSharedHomes(
      ctx.zoneHome,
      others.filter(({ id }) => id !== before.id),
      [after],
    );
  }
  const fields = Object.keys(before).filter(
    (key) =>
      JSON.stringify(before[key as keyof Member]) !== JSON.stringify(after[key as keyof Member]),
  );
  return { basis: snapshot.sequence, at: now, before, after, fields };
}

/** A satellite that is to authenticate has to have a certificate, which zmint cannot make here. */
function refuseBareRole(snapshot: ZoneSnapshot, before: Member, after: Member): void {
  const isNew = after.roles.includes('authentication') && !before.roles.includes('authentication');
  const isBare = liveSet(snapshot, after.id) === undefined;
  if (isNew && isBare && activeAuthority(snapshot)?.kind === 'external')
    throw refuseWithoutCertificate(snapshot, after);
}

/** Records the new values; certificates follow with the next remint. */
export async function executeSet(ctx: OperationContext, plan: SetPlan): Promise<Member> {
  if (plan.fields.length === 0) return plan.after;
  await recordEvent(
    ctx,
    {
      what: 'member-changed',
      at: plan.at,
      details: { member: plan.after.path, fields: plan.fields },
    },
    [{ type: 'put-members', members: [plan.after] }],
  );
  return plan.after;
}

export interface RemovePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly member: Member;
  /** Its files stay there. */
  readonly home: string | null;
  /** Retired generations of the CA whose keys are among them: nobody revokes by these any more. */
  readonly formerKeys: readonly number[];
}

/**
 * Throws `unknown-member`, `policy` for the server with the CA role or a key that is still needed, `operation-pending` while it has a part in one
 * or in a move of the CA role that was interrupted.
 */
export async function planRemove(
  ctx: ReadContext,
  word: string,
  now: Instant,
): Promise<RemovePlan> {
  const member = await findOneMember(ctx, word);
  const snapshot = await readAround(ctx, await readBase(ctx, now), [member]);
  if (snapshot.zone.caMemberId === member.id) {
    throw new ZmintError('policy', `${member.name} holds the CA role and cannot be removed`, {
      hint: `move it first: zmint ca move SERVER, then zmint server remove ${member.name}`,
    });
  }
  if (awaitedAuthority(snapshot.authorityRequests)?.keyMemberId === member.id)
    refuseWhileAwaited(snapshot);
  await refuseMoving(ctx, member);
  refuseBusy(snapshot, member);
  const formerKeys = formerKeysOf(member, snapshot.authorities, await ctx.store.tokenKeys());
  const home = memberHome(ctx.zoneHome, member);
  return { basis: snapshot.sequence, at: now, member, home, formerKeys };
}

/** Its home may hold a copy of the CA's key that nobody would remove any more. */
async function refuseMoving({ store }: ReadContext, { id, name }: Member): Promise<void> {
  const move = await store.caMove();
  if (move === undefined || ![move.fromMemberId, move.toMemberId].includes(id)) return;
  throw new ZmintError('operation-pending', `a move of the CA role with ${name} is not over`, {
    hint: `zmint ssl resume, then zmint server remove ${name}`,
  });
}

/** Removes the member from the zone; its certificates are retired, its folder stays. */
export async function executeRemove(ctx: OperationContext, plan: RemovePlan): Promise<void> {
  const certificates = await ctx.store.certificates({
    memberId: plan.member.id,
    states: ['current', 'previous', 'future'],
  });
  await recordEvent(
    ctx,
    { what: 'member-removed', at: plan.at, details: { member: plan.member.path } },
    [
      {
        type: 'set-certificate-state',
        fingerprints: certificates.map((one) => one.fingerprint),
        state: 'retired',
      },
      { type: 'remove-member', memberId: plan.member.id },
    ],
  );
}

function refuseBusy(snapshot: ZoneSnapshot, member: Member): void {
  const busy = snapshot.pending.find((operation) => {
    const part = (snapshot.parts.get(operation.id) ?? []).find((one) => one.memberId === member.id);
    const open = part?.evidence === null && !part.waived && part.planned !== null;
    return open && operation.phase !== 'active';
  });
  if (busy === undefined) return;
  throw new ZmintError(
    'operation-pending',
    `${member.name} has a part in ${busy.id}, which is ${busy.phase}`,
    {
      hint: `zmint update ignore ${member.name}, then remove it`,
      details: { operation: busy.id },
    },
  );
}

function inputOf(member: Member): MemberInput {
  return {
    name: member.name,
    kind: member.kind,
    path: member.path,
    dnsName: member.dnsName ?? undefined,
    additionalDnsNames: member.additionalDnsNames,
    ipAddresses: member.ipAddresses,
    roles: member.roles,
    home: member.home ?? undefined,
    reload: member.reload ?? undefined,
    probe: member.probe ?? undefined,
    version: member.version ?? undefined,
  };
}

function defined(update: MemberUpdate): Partial<MemberInput> {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
}
