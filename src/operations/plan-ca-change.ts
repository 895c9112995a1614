import { ZmintError } from '../errors.js';
import { arrangeExternalChain, type ExternalChain } from '../path/arrange-external-chain.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { BARE_REMINT } from '../zone/bare-remint.js';
import type { CaChange, ExternalRoot } from '../zone/ca-change.js';
import type { Instant } from '../zone/instant.js';
import { findServer } from '../zone/member-path.js';
import { planRequests, type RequestsPlan } from '../zone/plan-requests.js';
import type { RequestsWish } from '../zone/requests-wish.js';
import type { RemintPlan, RemintRequest } from '../zone/remint-plan.js';
import { certificateName } from '../x509/certificate-name.js';
import { findMembers } from './find-members.js';
import { planRemint } from './plan-remint.js';
import { readBag, type NamedFile } from './read-bag.js';
import { readSnapshot } from './read-snapshot.js';

/** What a person asked of a change of the CA. */
export interface CaChangeRequest {
  readonly target:
    | {
        readonly to: 'external';
        /** The certificates of the CA, in any format and order. */
        readonly chain: NamedFile;
        /** What the requests ask for; null: a person makes them. */
        readonly requests: RequestsWish | null;
      }
    | {
        readonly to: 'internal';
        /** Any unambiguous tail of the path of the server that is to hold the CA role. */
        readonly server: string;
        readonly custody: 'passphrase' | 'no-passphrase';
      };
  readonly keySpec: RemintRequest['keySpec'];
  readonly years: RemintRequest['years'];
  readonly commonName: RemintRequest['commonName'];
  readonly activateAt: RemintRequest['activateAt'];
  readonly updateName: RemintRequest['updateName'];
  readonly freshBackup?: boolean;
}

/** A change of the CA, decided but not begun. */
export interface CaChangePlan {
  readonly basis: number;
  readonly remint: RemintPlan;
  /** Of the external CA; null for an internal one. */
  readonly chain: ExternalChain | null;
  /** The requests that are made at the beginning; null: none. */
  readonly requests: RequestsPlan | null;
  /** What was passed over in the file of the chain, in words. */
  readonly notes: readonly string[];
}

/**
 * Plans a change of the CA; nothing is written. Throws what `arrangeExternalChain`, `planRemint` and
 * `planRequests` throw, `unreadable` for the chain, `unknown-member` for the server, and `policy` for
 * the CA that the zone has.
 */
export async function planCaChange(
  ctx: ReadContext,
  formats: Pick<FormatContext, 'containers' | 'keys'>,
  request: CaChangeRequest,
  now: Instant,
): Promise<CaChangePlan> {
  const { chain, notes } = await chainOf(formats, request, now);
  const change = await changeOf(ctx, request, chain);
  const remint = await planRemint(ctx, remintRequest(request, change), now);
  if (remint === undefined) throw new ZmintError('bug', 'a change of the CA is always due');
  return {
    basis: remint.basis,
    remint,
    chain,
    requests: await requestsOf(ctx, change, now),
    notes,
  };
}

async function chainOf(
  formats: Pick<FormatContext, 'containers' | 'keys'>,
  { target }: CaChangeRequest,
  now: Instant,
): Promise<Pick<CaChangePlan, 'chain' | 'notes'>> {
  if (target.to === 'internal') return { chain: null, notes: [] };
  const { items, notes } = await readBag(formats, target.chain, 'certificate');
  const chain = arrangeExternalChain({
    certificates: items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : [])),
    at: now,
    verify: (...parts) => formats.keys.verify(...parts),
    name: target.chain.name,
  });
  return { chain, notes };
}

async function changeOf(
  ctx: ReadContext,
  { target }: CaChangeRequest,
  chain: ExternalChain | null,
): Promise<CaChange> {
  if (target.to === 'external' && chain !== null) {
    return { to: target.to, root: rootOf(ctx, chain.root), requests: target.requests };
  }
  const { server, custody } = target as Extract<typeof target, { to: 'internal' }>;
  const [member] = await findMembers(ctx, [server], findServer);
  return { to: 'internal', keyMemberId: member?.id ?? '', custody };
}

function rootOf({ digest }: Pick<ReadContext, 'digest'>, root: Certificate): ExternalRoot {
  const { notBefore, notAfter } = root;
  return {
    fingerprint: digest.sha256(root.der),
    spkiSha256: digest.sha256(root.spki),
    commonName: certificateName(root),
    validity: { notBefore, notAfter },
  };
}

function remintRequest(request: CaChangeRequest, change: CaChange): RemintRequest {
  const { keySpec, years, commonName, activateAt, updateName } = request;
  return {
    ...BARE_REMINT,
    ca: true,
    ...{ keySpec, years, commonName, activateAt, updateName },
    policy: 'gate',
    change,
    freshBackup: request.freshBackup === true,
  };
}

async function requestsOf(
  ctx: ReadContext,
  change: CaChange,
  now: Instant,
): Promise<RequestsPlan | null> {
  if (change.to !== 'external' || change.requests === null) return null;
  return planRequests(await readSnapshot(ctx, now), await ctx.store.requests(), change.requests);
}
