import { encodeUtf8 } from '../encoding/utf8.js';
import type { OperationContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import { recordEvent } from './record-event.js';

/**
 * Removes keys that need not wait any more: those of requests whose certificate has been live, and
 * those of earlier requests of the same server. Writes nothing when there are none. Folders go first,
 * so that a key is never left where no record points to it.
 */
export async function pruneRequests(ctx: OperationContext, now: Instant): Promise<void> {
  const open = (await ctx.store.requests()).filter(({ state }) => state !== 'done');
  if (open.length === 0) return;
  const ids = [...new Set(open.map((one) => one.memberId))];
  const served = await ctx.store.certificatesOf(ids, BEEN_LIVE);
  const over = open.filter((one) => isOver(one, open, served));
  if (over.length === 0) return;
  const found = await ctx.store.membersById(ids);
  const members = new Map(found.map((member) => [member.id, member]));
  for (const one of over) {
    const member = members.get(one.memberId);
    const home = member === undefined ? null : memberHome(ctx.zoneHome, member);
    if (home !== null) await removeFiles(ctx, home, one);
  }
  const requests = over.map((one): CertificateRequest => ({ ...one, state: 'done' }));
  const details = { count: over.length };
  await recordEvent(ctx, { what: 'requests-done', at: now, details }, [
    { type: 'put-requests', requests },
  ]);
}

/** The states of certificates that a server has served. */
const BEEN_LIVE = ['current', 'previous', 'retired', 'revoked'] as const;

function isOver(
  { memberId, number }: CertificateRequest,
  open: readonly CertificateRequest[],
  served: readonly CertificateRecord[],
): boolean {
  return open.some(
    (later) =>
      later.memberId === memberId &&
      later.number >= number &&
      served.some(({ spkiSha256 }) => spkiSha256 === later.spkiSha256),
  );
}

/** `server.csr` leaves the remint-repo too, unless that of a newer request lies there. */
async function removeFiles(
  ctx: OperationContext,
  home: string,
  { number, csr }: CertificateRequest,
): Promise<void> {
  await ctx.homes.removeRequest(home, number);
  if (csr === null) return;
  await ctx.homes.clearRepo(home, { 'server.csr': ctx.digest.sha256(encodeUtf8(csr)) });
}
