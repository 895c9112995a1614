import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { CrlIssuer } from '../zone/crl-issuer.js';
import type { CrlDraft } from '../zone/decide-crls.js';
import { DAY, type Instant, type Seconds } from '../zone/instant.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import { activeAuthority } from '../zone/zone-snapshot.js';
import { requireCrlSigner } from './may-sign-crls.js';
import { issueCrls } from './issue-crls.js';
import { publishCrls, type PublishedCrls } from './publish-crls.js';
import { draftCrls } from './draft-crls.js';
import { readSettings } from './read-settings.js';
import { readBase } from './read-snapshot.js';
import { authorityKeys } from './unlock-authority.js';

/** What `ca crl` is asked for. */
export interface CrlRequest {
  /** How long the CRLs hold; null: as the settings say. */
  readonly days: number | null;
  /** Only when the newest CRL of a key ends within so long, or lacks a revocation; null: in any case. */
  readonly due: Seconds | null;
  /** Run the reload commands of the servers afterwards. */
  readonly reload: boolean;
}

/** CRLs that are going to be made. */
export interface CrlPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly days: number;
  readonly crls: readonly PlannedCrl[];
  readonly members: number;
  readonly reload: boolean;
}

export interface PlannedCrl {
  readonly draft: CrlDraft;
  /** The CRL that it follows; null: the first one. */
  readonly before: CrlIssuer['crl'];
  /** Revocations that no CRL names yet. */
  readonly fresh: number;
}

/** What came of it. */
export interface CrlReport extends PublishedCrls {
  readonly issuers: readonly CrlIssuer[];
  readonly keyless: readonly number[];
}

/**
 * Undefined: nothing is due. Throws `policy` in a zone whose CA is external or may not sign CRLs, `operation-pending` while
 * its first CA waits for a certificate, `not-valid-then` when no CA of the zone could sign any more.
 */
export async function planCrls(
  ctx: ReadContext,
  request: CrlRequest,
  now: Instant,
): Promise<CrlPlan | undefined> {
  const snapshot = await readBase(ctx, now);
  if (snapshot.authorities.length === 0) throw noActiveAuthority(snapshot);
  if (!snapshot.authorities.some(({ kind }) => kind === 'internal')) throw externalCa();
  const active = activeAuthority(snapshot);
  if (active?.kind === 'internal') await requireCrlSigner(ctx, active);
  const days = request.days ?? (await readSettings(ctx)).crl.days;
  const drafts = await draftCrls(ctx, now, days * DAY);
  if (drafts.length === 0) throw overAndOut();
  const crls = await plannedCrls(ctx, drafts);
  const due = request.due === null || crls.some((one) => isDue(one, now + (request.due ?? 0)));
  if (!due) return undefined;
  const members = await ctx.store.countMembers();
  return { basis: snapshot.sequence, at: now, days, crls, members, reload: request.reload };
}

/** Signs, records and publishes. Throws what opening the keys throws, before the first write. */
export async function executeCrls(ctx: OperationContext, plan: CrlPlan): Promise<CrlReport> {
  const keys = authorityKeys(ctx, await readBase(ctx, plan.at));
  try {
    const drafts = plan.crls.map(({ draft }) => draft);
    const made = await issueCrls(ctx, { drafts, keys, now: plan.at });
    return { ...made, ...(await publishCrls(ctx, plan.at, plan)) };
  } finally {
    keys.close();
  }
}

async function plannedCrls(
  ctx: ReadContext,
  drafts: readonly CrlDraft[],
): Promise<readonly PlannedCrl[]> {
  const issuers = await ctx.store.crlIssuers();
  const unlisted = await ctx.store.unlistedRevocations();
  return drafts.map((draft) => {
    const { spkiSha256 } = draft.authority;
    const before = issuers.find((one) => one.issuerSpkiSha256 === spkiSha256)?.crl ?? null;
    const fresh = unlisted.filter((one) => one.issuerSpkiSha256 === spkiSha256).length;
    return { draft, before, fresh };
  });
}

function isDue({ before, fresh }: PlannedCrl, latest: Instant): boolean {
  return before === null || fresh > 0 || before.nextUpdate <= latest;
}

function externalCa(): ZmintError {
  return new ZmintError('policy', 'the CA of this zone is external: it makes its CRLs itself', {
    hint: 'zmint ca show',
  });
}

function overAndOut(): ZmintError {
  return new ZmintError(
    'not-valid-then',
    'every CA of this zone has ended: nobody asks for its CRL',
    {
      hint: 'zmint ssl remint --ca',
    },
  );
}
