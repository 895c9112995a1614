import { ZmintError } from '../errors.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import { authorityRenewal } from '../zone/authority-renewal.js';
import { openRequest, type CertificateRequest } from '../zone/certificate-request.js';
import { chooseServers } from '../zone/choose-servers.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { planRequests, type RequestsPlan } from '../zone/plan-requests.js';
import type { RemintRequest } from '../zone/remint-plan.js';
import { activeAuthority, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { HandedRequest } from './generate-requests.js';
import type { ImportFile, ImportPlan } from './import-plan.js';
import { planImport } from './plan-import.js';
import { readSnapshot } from './read-snapshot.js';
import { restedRepo } from './rested-repo.js';

/** A remint of servers whose CA is external: what has come back is imported, what is out is named. */
export interface ExternalRemintPlan {
  /** The audit sequence that the plan was made on. */
  readonly basis: number;
  readonly at: Instant;
  /** What the remint-repos hold; null: nothing. */
  readonly imported: ImportPlan | null;
  /** For servers of which nothing is out and nothing has come back; null: none. */
  readonly requests: RequestsPlan | null;
  /** Requests that are with the CA. */
  readonly out: readonly HandedRequest[];
}

/** Whether the CA that issues today is elsewhere. */
export async function isExternalZone(ctx: Pick<ReadContext, 'store'>): Promise<boolean> {
  const authorities = await ctx.store.authorities();
  return authorities.some(({ state, kind }) => state === 'active' && kind === 'external');
}

/**
 * Plans the next step for each chosen server: a certificate that lies in its remint-repo (with
 * `key.der`, or for the key that waits) is imported; where a request is out it is named; where there
 * is neither, one is made. Undefined: no server is due. Throws `policy` for a remint of the CA, and
 * what `planImport` and `planRequests` throw.
 */
export async function planExternalRemint(
  ctx: ReadContext,
  formats: Pick<FormatContext, 'containers'>,
  request: RemintRequest,
  now: Instant,
): Promise<ExternalRemintPlan | undefined> {
  const snapshot = await readSnapshot(ctx, now);
  refuseCa(snapshot, request);
  const chosen = chooseServers(snapshot, request);
  if (chosen.length === 0) return undefined;
  const requests = await ctx.store.requests();
  const files: ImportFile[] = [];
  const out: HandedRequest[] = [];
  const bare: Member[] = [];
  for (const member of chosen) {
    const placed = await placedFiles(ctx, member);
    const waiting = openRequest(requests, member.id);
    if (placed.length > 0) files.push(...placed);
    else if (waiting?.state === 'csr-generated') out.push(handed(ctx, member, waiting));
    else bare.push(member);
  }
  const { activateAt } = request;
  const imported =
    files.length === 0
      ? null
      : await planImport(ctx, formats, { files, activateAt, put: true, force: true }, now);
  const made = bare.length === 0 ? null : requestsFor(snapshot, requests, request, bare);
  return { basis: snapshot.sequence, at: now, imported, requests: made, out };
}

function refuseCa(snapshot: ZoneSnapshot, { ca }: RemintRequest): void {
  if (!ca) return;
  const name = activeAuthority(snapshot)?.commonName ?? '';
  throw new ZmintError(
    'policy',
    `the CA of this zone, ${name}, is external: zmint has no key of it`,
    {
      hint: `${authorityRenewal(activeAuthority(snapshot))} takes its next chain`,
    },
  );
}

/** What a person placed into the remint-repo: certificates, and perhaps the key for them. */
async function placedFiles(ctx: ReadContext, member: Member): Promise<readonly ImportFile[]> {
  const repo = await restedRepo(ctx, member);
  if (repo === undefined || repo.certificates.length === 0) return [];
  const folder = `${serverHome(ctx.zoneHome, member)}/remint-repo`;
  const found = [...repo.certificates, ...(repo.key === undefined ? [] : [repo.key])];
  return found.map(({ name, bytes }) => ({
    name: `${folder}/${name}`,
    bytes,
    server: member.name,
    passphrases: [],
  }));
}

function handed(ctx: ReadContext, member: Member, request: CertificateRequest): HandedRequest {
  return { member, home: serverHome(ctx.zoneHome, member), request };
}

function requestsFor(
  snapshot: ZoneSnapshot,
  requests: readonly CertificateRequest[],
  { commonName, keySpec, includeDns }: RemintRequest,
  members: readonly Member[],
): RequestsPlan {
  return planRequests(snapshot, requests, {
    servers: members.map(({ path }) => path),
    all: false,
    commonName,
    fields: {},
    keySpec,
    includeDns: includeDns ?? false,
    names: [],
  });
}
