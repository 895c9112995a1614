import type { Authority } from '../zone/authority.js';
import { awaitedAuthority, type AuthorityRequest } from '../zone/authority-request.js';
import { authorityRenewal } from '../zone/authority-renewal.js';
import { daysLeft } from '../zone/certificate-life.js';
import { DAILY_WARNING_DAYS, renderExpiryWarning } from '../zone/expiry-warning.js';
import { fine, notice, problem, type Remark } from '../zone/finding.js';
import { renderInstant } from '../zone/instant.js';
import { lostKeyMend } from '../zone/lost-key-mend.js';
import { memberHome } from '../zone/member-home.js';
import { TAKE_AUTHORITY } from '../zone/no-active-authority.js';
import { shellWord } from '../zone/shell-word.js';
import {
  activeAuthority,
  authorityCertificate,
  keyGeneration,
  memberById,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { custodyOfKey, type Custody } from '../zone/zone.js';
import { damagedKeys } from './examine-key-files.js';
import { examineStrayKeys } from './examine-stray-keys.js';
import type { Examined } from './examined.js';
import { examineTokenKeys } from './examine-token-keys.js';

/** Whether there is a CA, and for how long. */
export function examineAuthority({ snapshot, now }: Examined): Promise<readonly Remark[]> {
  const active = activeAuthority(snapshot);
  const root = active === undefined ? undefined : authorityCertificate(snapshot, active);
  const waiting = awaitedRemarks(snapshot);
  if (root === undefined && active === undefined && waiting.length > 0)
    return Promise.resolve(waiting);
  if (root === undefined)
    return Promise.resolve([problem('damaged', 'the zone has no CA in use', 'zmint ca list')]);
  const mend = authorityRenewal(active);
  const ends = `${renderExpiryWarning(root.notAfter, now)} (${renderInstant(root.notAfter)})`;
  if (now > root.notAfter) return Promise.resolve([problem('not-valid-then', ends, mend)]);
  const soon = daysLeft(root.notAfter, now) <= DAILY_WARNING_DAYS;
  if (soon) return Promise.resolve([notice(ends, mend), ...waiting]);
  return Promise.resolve([fine(`valid until ${renderInstant(root.notAfter)}`), ...waiting]);
}

function awaitedRemarks({ authorityRequests }: ZoneSnapshot): readonly Remark[] {
  const awaited = awaitedAuthority(authorityRequests);
  if (awaited === undefined) return [];
  const { generation, subject } = awaited;
  const message = `CA generation ${generation}, ${subject}, waits for its certificate from the CA above it`;
  return [notice(message, TAKE_AUTHORITY)];
}

/** Whether the key of each generation that may still sign is there, and no key where nobody needs it. */
export async function examineAuthorityKeys(examined: Examined): Promise<readonly Remark[]> {
  const { snapshot } = examined;
  const tokenKeys = await examined.ctx.store.tokenKeys();
  const filed = snapshot.authorities.filter(
    (one) => one.kind === 'internal' && tokenKeyOf(tokenKeys, one) === undefined,
  );
  const left = filed.filter((one) => isLeftBehind(snapshot, one));
  const own = filed.filter((one) => !left.includes(one));
  const awaited = awaitedAuthority(snapshot.authorityRequests);
  const waiting = awaited === undefined ? [] : [awaited];
  const holders = new Set([...own, ...waiting].map(({ keyMemberId }) => keyMemberId ?? ''));
  const remarks: Remark[] = [
    ...(await examineTokenKeys(examined, tokenKeys)),
    ...(await leftRemarks(examined, left)),
  ];
  for (const holder of holders) {
    const member = memberById(snapshot, holder);
    const home = member === undefined ? null : memberHome(examined.ctx.zoneHome, member);
    if (member === undefined || home === null) {
      remarks.push(problem('damaged', 'the CA role is held by no server', 'zmint ca list'));
      continue;
    }
    const keys = await examined.ctx.vault.list(home);
    const theirs = own.filter(({ keyMemberId }) => keyMemberId === holder);
    remarks.push(...missingKeys(examined, { authorities: theirs, keys, home }));
    const requested = waiting.filter(({ keyMemberId }) => keyMemberId === holder);
    remarks.push(
      ...(await damagedKeys(examined, { keys: [...theirs, ...requested], found: keys, home })),
    );
    remarks.push(...missingAwaited(awaited, { holder, keys, home }));
    remarks.push(...leftoverKeys(examined, { keys, home }));
  }
  remarks.push(...(await examineStrayKeys(examined)));
  return remarks.length > 0 ? remarks : [fine('the keys that may still sign are there')];
}

/** Of a CA that is not needed, with a server that was removed. */
function isLeftBehind(snapshot: ZoneSnapshot, { state, keyMemberId }: Authority): boolean {
  const gone = memberById(snapshot, keyMemberId ?? '') === undefined;
  return gone && (state === 'retired' || state === 'cancelled');
}

/** As long as something that such a CA issued has not ended. */
async function leftRemarks(
  { ctx, now }: Examined,
  left: readonly Authority[],
): Promise<readonly Remark[]> {
  const remarks: Remark[] = [];
  for (const { generation, state } of left) {
    const end = await ctx.store.lastEndOf(generation);
    if (state !== 'retired' || end === null || end < now) continue;
    const fact = `the key of the retired CA generation ${generation} left the zone with its server`;
    remarks.push(notice(`${fact}: what it issued cannot be revoked any more`));
  }
  return remarks;
}

function missingKeys(
  { snapshot }: Examined,
  found: {
    readonly authorities: readonly Authority[];
    readonly keys: readonly number[];
    readonly home: string;
  },
): readonly Remark[] {
  const { authorities, keys, home } = found;
  const signing = authorities.filter(({ state }) => state === 'active' || state === 'future');
  return signing.flatMap((authority) => {
    const folder = keyGeneration(snapshot.authorities, authority);
    if (keys.includes(folder)) return [];
    const path = `${home}/certificate-authority/${folder}/key.enc`;
    const message = `the key of CA generation ${authority.generation} is missing: ${path}`;
    const mend = lostKeyMend(authority, snapshot.authorityRequests);
    return [problem('damaged', message, `put it back from a backup; if there is none: ${mend}`)];
  });
}

function missingAwaited(
  awaited: AuthorityRequest | undefined,
  found: { readonly holder: string; readonly keys: readonly number[]; readonly home: string },
): readonly Remark[] {
  if (awaited?.keyMemberId !== found.holder) return [];
  const { generation } = awaited;
  if (found.keys.includes(generation)) return [];
  const path = `${found.home}/certificate-authority/${generation}/key.enc`;
  const message = `the key of CA generation ${generation}, which waits for its certificate, is missing: ${path}`;
  return [
    problem('damaged', message, 'put it back from a backup; if there is none: zmint ssl cancel'),
  ];
}

function leftoverKeys(
  { snapshot }: Examined,
  found: { readonly keys: readonly number[]; readonly home: string },
): readonly Remark[] {
  const needed = new Set(
    snapshot.authorities
      .filter(({ state }) => state !== 'cancelled')
      .map((authority) => keyGeneration(snapshot.authorities, authority)),
  );
  const coming = new Set(
    [...snapshot.pending, ...waitingRequests(snapshot)].map(({ generation }) => generation),
  );
  const left = found.keys.filter((number) => !needed.has(number) && !coming.has(number));
  return left.map((number) => {
    const folder = shellWord(`${found.home}/certificate-authority/${number}`);
    const message = `the key of CA generation ${number} was left behind by an operation that was cancelled; it signs for nobody`;
    return notice(message, `rm -r ${folder}`);
  });
}

function waitingRequests({ authorityRequests }: ZoneSnapshot): readonly AuthorityRequest[] {
  return authorityRequests.filter(({ state }) => state === 'csr-generated');
}

/** A CA key without a passphrase is told about (I-20). */
export async function examineCustody({ ctx, snapshot }: Examined): Promise<readonly Remark[]> {
  const active = activeAuthority(snapshot);
  const key = active === undefined ? undefined : tokenKeyOf(await ctx.store.tokenKeys(), active);
  return [CUSTODY_REMARKS[custodyOfKey(snapshot.zone, key?.uri ?? null)]];
}

const CUSTODY_REMARKS: Readonly<Record<Custody, Remark>> = {
  external: fine('the CA is external: no key of it is here'),
  passphrase: fine('the CA key is locked with a passphrase'),
  token: fine('the CA key lies in a token, which it never leaves'),
  'no-passphrase': notice(
    'the CA key is locked without a passphrase: whoever reads the files of this user can sign',
  ),
};
