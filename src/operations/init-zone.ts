import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Unlock } from '../ports/key-vault.js';
import type { Signer } from '../ports/keys.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import type { Authority } from '../zone/authority.js';
import type { Instant } from '../zone/instant.js';
import type { KeySpec } from '../zone/key-spec.js';
import { decideMember, type MemberInput } from '../zone/decide-member.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { authorityCommonName, checkCommonName, checkYears } from '../zone/plan-authority.js';
import { DEFAULT_CA_YEARS, validityFor, type Validity } from '../zone/validity.js';
import type { Custody, Zone } from '../zone/zone.js';
import { checkZoneName } from '../zone/zone-name.js';
import { refuseSharedHomes } from '../zone/refuse-shared-homes.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { finishFirstSets } from './finish-first-sets.js';
import { firstServerPlan } from './first-server-plan.js';
import { firstFileKey, firstTokenKey, type FirstKeyPlan, type FirstTokenKey } from './first-key.js';
import { issuerExtensions } from './issuer-extensions.js';
import { issueAll, type Issued, type Order } from './issue-all.js';
import { mintServers } from './mint-servers.js';
import type { MintOutcome, ServerJob, ServerMinting } from './server-job.js';
import { publishTrust } from './publish-trust.js';
import { newUnlock } from './new-unlock.js';
import { recordEvent } from './record-event.js';
import { refuseForeignKey } from './refuse-foreign-key.js';
import type { AuthorityKeys } from './unlock-authority.js';

export interface InitRequest {
  readonly name: string;
  readonly server: MemberInput;
  readonly keySpec: KeySpec;
  readonly years: number | null;
  readonly commonName: string | null;
  readonly custody: Custody;
  /** Where in a token the key is to be, as `renderKeyUri` gives it; with custody `token`. */
  readonly keyUri?: string;
}

/** A zone to be made. */
export interface InitPlan extends FirstKeyPlan {
  readonly name: string;
  readonly server: MemberInput;
  readonly commonName: string;
  readonly validity: Validity;
}

/** What was made. */
export interface InitReport {
  readonly zone: Zone;
  readonly authority: Authority;
  readonly server: Member;
  readonly home: string;
  /** The key in a token, and whether it was made for this zone; null: it lies in a file. */
  readonly token: Pick<FirstTokenKey, 'tokenKey' | 'isNew'> | null;
}

/** Plans a zone with an internal CA. Throws `usage` or `policy` for what is not well formed. */
export function planInit(request: InitRequest, now: Instant): InitPlan {
  const name = checkZoneName(request.name);
  decideMember({ ...request.server, kind: 'primary' }, { id: '', addedAt: now });
  return {
    at: now,
    name,
    server: { ...request.server, kind: 'primary' },
    keySpec: request.keySpec,
    commonName: checkCommonName(request.commonName ?? name),
    validity: validityFor(now, checkYears(request.years ?? DEFAULT_CA_YEARS), -Infinity),
    custody: request.custody,
    keyUri: request.keyUri ?? null,
  };
}

/**
 * Makes the zone: CA key, root, first Primary Server with the CA role and its certificate. Until the
 * one transaction that records all of it there is no zone, and the command can be typed again.
 *
 * Order of writes: a key in a token, if it is to be in one; a note that an init has begun; a CA key in
 * a file; serial numbers; the server's set; the
 * records; the live link; the trust store.
 */
export async function executeInit(ctx: OperationContext, plan: InitPlan): Promise<InitReport> {
  const zoneId = ctx.random.uuid();
  const server = decideMember(plan.server, { id: ctx.random.uuid(), addedAt: plan.at });
  refuseSharedHomes(ctx.zoneHome, [], [server]);
  const home = serverHome(ctx.zoneHome, server);
  await refuseForeignKey(ctx, home);
  const token = await firstTokenKey(ctx, plan, zoneId);
  const unlock = await newUnlock(ctx, plan.custody);
  try {
    await recordEvent(ctx, { what: 'init-begun', at: plan.at, details: { zone: plan.name } }, []);
    await ctx.homes.prepare(home);
    const made = await makeAuthority(ctx, plan, { zoneId, server, home, token, unlock });
    return await makeZone(ctx, plan, { ...made, zoneId, server, home, token });
  } finally {
    if (unlock.kind === 'passphrase') unlock.bytes.fill(0);
  }
}

interface Place {
  readonly zoneId: string;
  readonly server: Member;
  readonly home: string;
  readonly token: FirstTokenKey | null;
}

interface Made {
  readonly authority: Authority;
  readonly root: Issued;
  readonly keys: AuthorityKeys;
}

async function makeAuthority(
  ctx: OperationContext,
  plan: InitPlan,
  place: Place & { readonly unlock: Unlock },
): Promise<Made> {
  const { zoneId, home, server, token, unlock } = place;
  const file = { zoneId, place: { home, generation: 1 }, unlock };
  const signer = token?.signer ?? (await firstFileKey(ctx, plan, file));
  const [root] = await issueAll(ctx, [rootOrder(plan, signer)], plan.at);
  if (root === undefined) throw new ZmintError('bug', 'no root was made');
  const authority: Authority = {
    generation: 1,
    kind: 'internal',
    state: 'active',
    commonName: plan.commonName,
    certificate: root.record.fingerprint,
    spkiSha256: root.record.spkiSha256,
    keyMemberId: server.id,
    createdAt: plan.at,
  };
  return { authority, root, keys: onlyKey(signer, unlock) };
}

function rootOrder(plan: InitPlan, signer: Signer): Order {
  const value = authorityCommonName(plan.commonName, 1);
  const name = encodeDistinguishedName([{ type: 'CN', value }]);
  return {
    issuer: { signer, name, certificate: null },
    subject: {
      name,
      spki: signer.spki,
      validity: plan.validity,
      ca: true,
      dnsNames: [],
      ipAddresses: [],
      extendedKeyUsage: [],
    },
    facts: {
      purpose: 'ca',
      memberId: null,
      operationId: null,
      issuerGeneration: 1,
      subjectGeneration: 1,
      keyFrom: null,
      at: plan.at,
    },
    state: 'current',
  };
}

function onlyKey(signer: Signer, unlock: Unlock): AuthorityKeys {
  return {
    signer: () => Promise.resolve(signer),
    adopt: () => undefined,
    unlock: () => Promise.resolve(unlock),
    lock: () => Promise.resolve(unlock),
    close: () => {
      signer.close();
    },
  };
}

async function makeZone(
  ctx: OperationContext,
  plan: InitPlan,
  made: Made & Place,
): Promise<InitReport> {
  const { authority, root, keys, server, home, token } = made;
  const pem = encodePemOctets('CERTIFICATE', root.certificate.der);
  await ctx.vault.publishCertificate({ home, generation: 1 }, pem);
  const zone: Zone = {
    id: made.zoneId,
    name: plan.name,
    createdAt: plan.at,
    custody: plan.custody,
    keySpec: plan.keySpec,
    caMemberId: server.id,
  };
  const outcome = await mintFirst(ctx, plan, { ...made, zone });
  keys.close();
  const { fingerprint } = root.record;
  const place = token === null ? {} : { keyUri: token.tokenKey.uri };
  const details = { zone: plan.name, fingerprint, custody: plan.custody, ...place };
  await recordEvent(ctx, { what: 'zone-created', at: plan.at, details }, [
    { type: 'put-zone', zone },
    { type: 'put-members', members: [server] },
    {
      type: 'add-certificates',
      certificates: [
        { record: root.record, der: root.certificate.der },
        { record: outcome.record, der: outcome.der },
      ],
    },
    { type: 'put-authority', authority },
    ...(token === null ? [] : [{ type: 'put-token-key' as const, key: token.tokenKey }]),
    {
      type: 'put-anchor',
      anchor: {
        alias: authorityAlias(1),
        certificate: fingerprint,
        source: 'zone',
        since: plan.at,
      },
    },
    { type: 'put-sets', sets: [outcome.set] },
  ]);
  await finishFirstSets(ctx, plan.at);
  await publishTrust(ctx);
  return { zone, authority, server, home, token };
}

async function mintFirst(
  ctx: OperationContext,
  plan: InitPlan,
  made: Made & Place & { readonly zone: Zone },
): Promise<Exclude<MintOutcome, { readonly error: ZmintError }>> {
  const { authority, root, keys, server, zone } = made;
  const { live, generations } = await ctx.homes.observe(made.home);
  const job: ServerJob = {
    member: server,
    planned: firstServerPlan(server, { zone, issuer: plan.validity, at: plan.at }),
    number: 1 + Math.max(0, live ?? 0, ...generations),
    purpose: 'first',
    waiting: [],
  };
  const minting: ServerMinting = {
    authority,
    keys,
    issuer: root.certificate,
    extensions: await issuerExtensions(ctx, [], authority),
    chain: { fingerprints: [], ders: [] },
    trust: { fingerprints: [authority.certificate], ders: [root.certificate.der] },
    operationId: null,
    now: plan.at,
    validAt: plan.at,
    state: 'current',
    rendered: false,
  };
  const [outcome] = await mintServers(ctx, minting, [job]);
  if (outcome === undefined) throw new ZmintError('bug', 'the first server got no certificate');
  if ('error' in outcome) throw outcome.error;
  return outcome;
}
