import type { GlanceContext } from '../ports/context.js';
import type { ServerLine } from '../ports/zone-walks.js';
import { certificateStatus, type CertificateStatus } from '../zone/certificate-status.js';
import { isOpen } from '../zone/certificate-request.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { OperationMember } from '../zone/operation.js';
import type { ServerCertificate } from './list-certificates.js';
import { newestParts } from './newest-parts.js';
import { isAmong, revokedInUse } from './revoked-in-use.js';

/** A server in one line of a list. */
export interface ListedServer extends Pick<ServerLine, 'name' | 'current'> {
  readonly status: CertificateStatus;
  /** Its part in the running operation; null: none. */
  readonly update: OperationMember['update'] | null;
}

/** Lines take little memory, and each page costs some statements. */
const PAGE = 1000;

/**
 * All servers by path, page by page, with no more than a line shows; every row that says something
 * is checked. Throws what `ZoneReader` throws.
 */
export async function* listServerLines(
  ctx: GlanceContext,
  now: Instant,
): AsyncGenerator<readonly ListedServer[], void> {
  const revoked = await revokedInUse(ctx);
  for (let after: string | null = null; ;) {
    const page = { after, limit: PAGE };
    const lines: readonly ServerLine[] = await ctx.store.serverLinesAfter(page);
    if (lines.length > 0) yield await withStatus(ctx, lines, { now, revoked });
    if (lines.length < PAGE) return;
    after = lines.at(-1)?.path ?? null;
  }
}

async function withStatus(
  ctx: GlanceContext,
  lines: readonly ServerLine[],
  { now, revoked }: { readonly now: Instant; readonly revoked: ReadonlySet<Fingerprint> },
): Promise<readonly ListedServer[]> {
  const ids = lines.map(({ id }) => id);
  const parts = await newestParts(ctx, ids);
  // Most zones have none, and asking for a thousand members takes its time.
  const all = (await ctx.store.hasOpenRequests()) ? await ctx.store.requestsOf(ids) : [];
  const open = all.filter(isOpen);
  const requests = new Map(open.map((request) => [request.memberId, request]));
  return lines.map(({ id, name, current }) => {
    const part = parts.get(id)?.part;
    const request = requests.get(id);
    const used = current ?? undefined;
    const status = certificateStatus(
      { current: used, revoked: isAmong(revoked, used), part, request },
      now,
    );
    return { name, current, status, update: part?.update ?? null };
  });
}

/** The same line of a server of which more is known. */
export function lineOfServer({ member, current, status, part }: ServerCertificate): ListedServer {
  return { name: member.name, current, status, update: part?.update ?? null };
}
