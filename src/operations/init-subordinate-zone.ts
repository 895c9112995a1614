import type { OperationContext } from '../ports/context.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import { decideMember, type MemberInput } from '../zone/decide-member.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { checkCommonName } from '../zone/plan-authority.js';
import { refuseSharedHomes } from '../zone/refuse-shared-homes.js';
import { requestSubject } from '../zone/request-subject.js';
import type { SubjectFields } from '../zone/requests-wish.js';
import type { Zone } from '../zone/zone.js';
import { checkZoneName } from '../zone/zone-name.js';
import { newUnlock } from './new-unlock.js';
import { recordEvent } from './record-event.js';
import { refuseForeignKey } from './refuse-foreign-key.js';
import { sealAuthorityKey } from './seal-authority-key.js';

/** A zone whose CA is to be certified by a CA above it. */
export interface SubordinateInitPlan {
  readonly at: Instant;
  readonly name: string;
  readonly server: MemberInput;
  readonly keySpec: KeySpec;
  readonly commonName: string;
  readonly subject: DistinguishedName;
  readonly custody: AuthorityRequest['custody'];
}

/** What was asked for. */
export type SubordinateInitRequest = Omit<SubordinateInitPlan, 'at' | 'commonName' | 'subject'> & {
  /** Null: the name of the zone. */
  readonly commonName: string | null;
  /** Of the subject, beside the common name. */
  readonly fields: SubjectFields;
};

/** What was made. */
export interface SubordinateInitReport {
  readonly zone: Zone;
  readonly server: Member;
  readonly home: string;
  readonly request: AuthorityRequest;
}

/** Plans such a zone. Throws `usage` or `policy` for what is not well formed. */
export function planSubordinateInit(
  request: SubordinateInitRequest,
  now: Instant,
): SubordinateInitPlan {
  const name = checkZoneName(request.name);
  const server = { ...request.server, kind: 'primary' };
  decideMember(server, { id: '', addedAt: now });
  const commonName = checkCommonName(request.commonName ?? name);
  const { keySpec, custody, fields } = request;
  const subject = requestSubject(commonName, fields);
  return { at: now, name, server, keySpec, commonName, subject, custody };
}

/**
 * Makes the zone, the key of its CA and the request for the CA's certificate; the first Primary Server
 * waits with it. Until the one transaction that records all of it there is no zone, and the command
 * can be typed again.
 *
 * Order of writes: a note that an init has begun; the server's folders; the CA key; the records. The
 * request leaves after that.
 */
export async function executeSubordinateInit(
  ctx: OperationContext,
  plan: SubordinateInitPlan,
): Promise<SubordinateInitReport> {
  const { at, custody } = plan;
  const server = decideMember(plan.server, { id: ctx.random.uuid(), addedAt: at });
  refuseSharedHomes(ctx.zoneHome, [], [server]);
  const home = serverHome(ctx.zoneHome, server);
  await refuseForeignKey(ctx, home);
  const unlock = await newUnlock(ctx, custody);
  const zone: Zone = {
    id: ctx.random.uuid(),
    name: plan.name,
    createdAt: at,
    custody,
    keySpec: plan.keySpec,
    caMemberId: server.id,
  };
  try {
    await recordEvent(ctx, { what: 'init-begun', at, details: { zone: plan.name } }, []);
    await ctx.homes.prepare(home);
    const { commonName, keySpec, subject } = plan;
    const place = { home, generation: 1 };
    const key = { zoneId: zone.id, place, subject, keySpec, unlock };
    const request: AuthorityRequest = {
      generation: 1,
      state: 'csr-generated',
      commonName,
      keySpec,
      ...(await sealAuthorityKey(ctx, key)),
      keyMemberId: server.id,
      custody,
      wish: null,
      createdAt: at,
    };
    const details = { zone: plan.name, subject: request.subject, custody };
    await recordEvent(ctx, { what: 'zone-created', at, details }, [
      { type: 'put-zone', zone },
      { type: 'put-members', members: [server] },
      { type: 'put-authority-request', request },
    ]);
    return { zone, server, home, request };
  } finally {
    if (unlock.kind === 'passphrase') unlock.bytes.fill(0);
  }
}
