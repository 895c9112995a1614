import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { KeystoreShape } from '../zone/keystore.js';
import { memberHome, serverHome } from '../zone/member-home.js';
import { findMember, findServer } from '../zone/member-path.js';
import { ZmintError } from '../errors.js';
import { isServer, type Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import { readSnapshot } from './read-snapshot.js';
import { heldKeystore } from './render-keystore.js';
import { serverCertificate, type ServerCertificate } from './list-certificates.js';

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

/** Servers by path. */
export async function listServers(ctx: ReadContext, now: Instant): Promise<readonly ServerRow[]> {
  const snapshot = await readSnapshot(ctx, now);
  const requests = await ctx.store.requests();
  return snapshot.members.filter(isServer).map((member) => ({
    ...serverCertificate(ctx, { snapshot, requests }, member),
    holdsCa: member.id === snapshot.zone.caMemberId,
  }));
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
  const snapshot = await readSnapshot(ctx, now);
  const requests = await ctx.store.requests();
  const member = findServer(snapshot.members, word);
  return {
    ...serverCertificate(ctx, { snapshot, requests }, member),
    holdsCa: member.id === snapshot.zone.caMemberId,
    keystore: await findKeystore(ctx, member),
  };
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

/** Devices by path. */
export async function listDevices(ctx: ReadContext, now: Instant): Promise<readonly DeviceRow[]> {
  const snapshot = await readSnapshot(ctx, now);
  const parts = new Map([...snapshot.parts.values()].flat().map((part) => [part.memberId, part]));
  return snapshot.members
    .filter((member) => !isServer(member))
    .map((member) => ({
      member,
      home: memberHome(ctx.zoneHome, member),
      part: parts.get(member.id) ?? null,
    }));
}

/** One device. Throws `unknown-member`, also for a server, and `ambiguous-member`. */
export async function showDevice(ctx: ReadContext, word: string, now: Instant): Promise<DeviceRow> {
  const member = findMember(await ctx.store.members(), word);
  const found = (await listDevices(ctx, now)).find((row) => row.member.id === member.id);
  if (found !== undefined) return found;
  throw new ZmintError('unknown-member', `${member.path} is a server, not a device`, {
    hint: `zmint server show ${member.name}`,
  });
}
