import { ZmintError } from '../errors.js';
import type { GlanceContext, ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { KeystoreShape } from '../zone/keystore.js';
import { memberHome, serverHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import { isServer, type Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import { findMembers } from './find-members.js';
import {
  listServerCertificates,
  membersByPath,
  serverCertificates,
  type ListQuestion,
  type ServerCertificate,
} from './list-certificates.js';
import { newestParts } from './newest-parts.js';
import { heldKeystore } from './render-keystore.js';
import { revokedInUse } from './revoked-in-use.js';

/** A device, and what is known about its trust. */
export interface DeviceRow {
  readonly member: Member;
  readonly home: string | null;
  /** Its part in the newest operation that runs; null: none. */
  readonly part: OperationMember | null;
}

/** A server with the role that it has beside its own. */
export interface ServerRow extends ServerCertificate {
  readonly holdsCa: boolean;
}

/** Servers by path, in batches: only one is in memory. */
export async function* listServers(
  ctx: GlanceContext,
  question: ListQuestion,
): AsyncGenerator<readonly ServerRow[], void> {
  const { caMemberId } = await ctx.store.zone();
  for await (const rows of listServerCertificates(ctx, [], question))
    yield rows.map((row) => ({ ...row, holdsCa: row.member.id === caMemberId }));
}

/** One server, with what its live set has beside PEM. */
export interface ServerPage extends ServerRow {
  /** Null: none, or one that cannot be read, of which `doctor` tells. */
  readonly keystore: KeystoreShape | null;
}

/** One server. Throws `unknown-member`, also for a device, and `ambiguous-member`. */
export async function showServer(
  ctx: ReadContext,
  word: string,
  now: Instant,
): Promise<ServerPage> {
  const { caMemberId } = await ctx.store.zone();
  const members = await findMembers(ctx, [word], findServer);
  const revoked = await revokedInUse(ctx);
  const rows = await serverCertificates(ctx, members, { now, depth: 'all', revoked });
  const [row] = rows.map((one) => ({ ...one, holdsCa: one.member.id === caMemberId }));
  if (row !== undefined) return { ...row, keystore: await findKeystore(ctx, row.member) };
  throw new ZmintError('bug', `"${word}" was found and is not there`);
}

async function findKeystore(ctx: ReadContext, member: Member): Promise<KeystoreShape | null> {
  try {
    const files = await ctx.homes.readKeystore(serverHome(ctx.zoneHome, member));
    const held = heldKeystore(files, member.name);
    return held === undefined ? null : { format: held.format, alias: held.alias };
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return null;
    throw error;
  }
}

/** Devices by path, in batches: only one is in memory. */
export async function* listDevices(ctx: GlanceContext): AsyncGenerator<readonly DeviceRow[], void> {
  for await (const members of membersByPath(ctx))
    yield deviceRows(
      ctx,
      members.filter((member) => !isServer(member)),
    );
}

/** One device. Throws `unknown-member`, also for a server, and `ambiguous-member`. */
export async function showDevice(ctx: ReadContext, word: string): Promise<DeviceRow> {
  const members = await findMembers(ctx, [word]);
  const [found] = await deviceRows(
    ctx,
    members.filter((member) => !isServer(member)),
  );
  if (found !== undefined) return found;
  const [server] = members;
  throw new ZmintError('unknown-member', `${server?.path ?? word} is a server, not a device`, {
    hint: `zmint server show ${server?.name ?? word}`,
  });
}

async function deviceRows(
  ctx: GlanceContext,
  members: readonly Member[],
): Promise<readonly DeviceRow[]> {
  const parts = await newestParts(
    ctx,
    members.map(({ id }) => id),
  );
  return members.map((member) => ({
    member,
    home: memberHome(ctx.zoneHome, member),
    part: parts.get(member.id)?.part ?? null,
  }));
}
