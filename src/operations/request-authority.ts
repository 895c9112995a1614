import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import { parseCertificate } from '../x509/certificate.js';
import type { DistinguishedName } from '../x509/distinguished-name.js';
import { isSubordinate, type Authority } from '../zone/authority.js';
import type { AuthorityRequest, AuthorityWish } from '../zone/authority-request.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import { requestSubject, subjectFieldsOf } from '../zone/request-subject.js';
import type { SubjectFields } from '../zone/requests-wish.js';
import { serverHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import { asKeySpec, authorityCommonName, checkCommonName } from '../zone/plan-authority.js';
import { refuseWhileAwaited } from '../zone/refuse-awaited.js';
import { refuseRunning } from '../zone/refuse-pending.js';
import {
  activeAuthority,
  authorityCertificate,
  nextGeneration,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import type { Custody, FileCustody } from '../zone/zone.js';
import { lastBackupWords } from './backup-words.js';
import { findMembers } from './find-members.js';
import { newUnlock } from './new-unlock.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { sealAuthorityKey } from './seal-authority-key.js';
import { authorityKeys } from './unlock-authority.js';

/** What a person asked of the next CA, which a CA above it is to sign. */
export interface AuthorityWanted {
  /** Any tail of the path of the server that is to hold it; null: the one that holds the CA role. */
  readonly server: string | null;
  readonly commonName: string | null;
  /** Of the subject, beside the common name; none: those of the CA of today, if a CA above it signed it. */
  readonly fields: SubjectFields;
  readonly keySpec: KeySpec | null;
  /** How the key is locked where the zone has no CA of its own yet. */
  readonly custody: AuthorityRequest['custody'];
  readonly wish: AuthorityWish;
}

/** A request for the certificate of the next CA, decided but not made. */
export interface AuthorityRequestPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly generation: number;
  readonly holder: Member;
  readonly commonName: string;
  readonly subject: DistinguishedName;
  readonly keySpec: KeySpec;
  readonly custody: AuthorityRequest['custody'];
  readonly wish: AuthorityWish;
  /** How old the last verified backup is, in words; null where the settings cannot be read. */
  readonly backup: string | null;
}

/**
 * Plans a request for the certificate of the zone's next CA; nothing is written. Throws
 * `operation-pending` while another CA is awaited or an operation on the CA has not ended, `policy` for
 * another server than the one with the CA role, `usage` where nobody has it and none is named.
 */
export async function planAuthorityRequest(
  ctx: ReadContext,
  wanted: AuthorityWanted,
  now: Instant,
): Promise<AuthorityRequestPlan> {
  const base = await readBase(ctx, now);
  const active = activeAuthority(base);
  if (active === undefined) throw noActiveAuthority(base);
  refuseWhileAwaited(base);
  refuseRunning(base, true);
  const generation = nextGeneration(base);
  const own = active.kind === 'internal';
  const present = own ? active.commonName : base.zone.name;
  const commonName = checkCommonName(wanted.commonName ?? present);
  const key = own ? asKeySpec(authorityCertificate(base, active)?.key ?? '') : undefined;
  const said = Object.keys(wanted.fields).length > 0;
  const fields = said ? wanted.fields : await fieldsOfToday(ctx, active);
  return {
    basis: base.sequence,
    at: now,
    generation,
    holder: await holderOf(ctx, base, wanted.server),
    commonName,
    subject: requestSubject(authorityCommonName(commonName, generation), fields),
    keySpec: wanted.keySpec ?? key ?? base.zone.keySpec,
    custody: custodyFor(base.zone.custody, wanted.custody),
    wish: wanted.wish,
    backup: await lastBackupWords(ctx, now),
  };
}

/** What a company asks for once it asks for again. */
async function fieldsOfToday(ctx: ReadContext, active: Authority): Promise<SubjectFields> {
  if (!isSubordinate(active)) return {};
  const [der = new Uint8Array()] = await ctx.store.der([active.certificate]);
  return subjectFieldsOf(parseCertificate(der).subject);
}

/** A key that is made in a token has no request of this kind yet: throws `policy`. */
function custodyFor(present: Custody, wanted: FileCustody): FileCustody {
  if (present === 'external') return wanted;
  if (present !== 'token') return present;
  throw new ZmintError(
    'policy',
    'the key of the CA is in a token; a requested one lies in a file',
    {
      hint: 'zmint ssl remint --ca makes the successor in the token',
    },
  );
}

async function holderOf(
  ctx: ReadContext,
  { zone }: ZoneSnapshot,
  word: string | null,
): Promise<Member> {
  const [present] = await ctx.store.membersById([zone.caMemberId ?? '']);
  const [named] = word === null ? [] : await findMembers(ctx, [word], findServer);
  const holder = named ?? present;
  if (holder === undefined) {
    throw new ZmintError('usage', 'which server is to hold the CA role? --server SERVER', {
      hint: 'zmint help ca change',
    });
  }
  if (present === undefined || present.id === holder.id) return holder;
  throw new ZmintError('policy', `${present.name} holds the CA role, not ${holder.name}`, {
    hint: `move it first: zmint ca move ${holder.name}`,
  });
}

/**
 * Makes key and request; then the next CA waits for its certificate, and the one of today goes on.
 * Throws `plan-outdated`, `wrong-passphrase` before anything is written.
 *
 * Order of writes: the key; the record. The request leaves after that.
 */
export async function executeAuthorityRequest(
  ctx: OperationContext,
  plan: AuthorityRequestPlan,
): Promise<AuthorityRequest> {
  const base = await readBase(ctx, plan.at);
  if (base.sequence !== plan.basis) {
    throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
      hint: 'type the command again to see the new plan',
    });
  }
  const { generation, commonName, subject, keySpec, holder, custody, wish, at } = plan;
  const home = serverHome(ctx.zoneHome, holder);
  const { unlock, close } = await unlockFor(ctx, base, custody);
  try {
    await ctx.homes.prepare(home);
    const place = { home, generation };
    const key = { zoneId: base.zone.id, place, subject, keySpec, unlock };
    const made = await sealAuthorityKey(ctx, key);
    const request: AuthorityRequest = {
      ...{ generation, state: 'csr-generated', commonName, keySpec, ...made },
      ...{ keyMemberId: holder.id, custody, wish, createdAt: at },
    };
    const details = { generation, subject: request.subject, server: holder.path };
    await recordEvent(ctx, { what: 'authority-requested', at, details }, [
      { type: 'put-authority-request', request },
    ]);
    return request;
  } finally {
    close();
  }
}

/**
 * A zone with a key locks the next one alike, and proves the passphrase by the newest key file that is
 * there (I-21). The key of today signs nothing here, so one that is lost can be replaced.
 */
async function unlockFor(
  ctx: OperationContext,
  base: ZoneSnapshot,
  custody: AuthorityRequest['custody'],
): Promise<{ readonly unlock: Unlock; readonly close: () => void }> {
  const active = activeAuthority(base);
  const keys =
    active?.kind === 'internal'
      ? authorityKeys(ctx, base)
      : authorityKeys(ctx, base, await newUnlock(ctx, custody));
  const close = (): void => {
    keys.close();
  };
  try {
    return { unlock: await keys.lock(), close };
  } catch (error) {
    close();
    throw error;
  }
}
