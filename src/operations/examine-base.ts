import { ZmintError } from '../errors.js';
import { counted, fine, notice, problem, type Remark } from '../zone/finding.js';
import { DAY, renderInstant } from '../zone/instant.js';
import { trustOf } from '../zone/zone-trust.js';
import type { Examined } from './examined.js';
import { bundleOf } from './set-files.js';
import { verifyEventLog } from './verify-event-log.js';

const RESTORE = 'put zone.db back from a backup of the zone home, then zmint ssl resume';
const MOST = 20;

/** Rows whose digest does not fit them, pages that SQLite finds wrong, lists that cannot be read. */
export async function examineDatabase({ ctx, failures }: Examined): Promise<readonly Remark[]> {
  const damage = await ctx.store.damage();
  const unread = [...failures].map(
    ([part, error]) => `the ${part} cannot be read: ${error.message}`,
  );
  const facts = [...new Set([...unread, ...damage])];
  if (facts.length === 0) return [fine('every row is what was written')];
  const told = facts.slice(0, MOST).map((fact) => problem('damaged', fact, RESTORE));
  const rest = facts.length - told.length;
  return rest === 0 ? told : [...told, problem('damaged', `and ${rest} more`, RESTORE)];
}

/** The hash chain of the audit log. */
export async function examineEvents({ ctx }: Examined): Promise<readonly Remark[]> {
  const { head, broken } = await verifyEventLog(ctx);
  if (broken === undefined) return [fine(`${counted(head.sequence, 'event')}, the chain holds`)];
  const message = `the audit log breaks at event ${broken.sequence} (${broken.fault})`;
  return [problem('damaged', message, RESTORE)];
}

/** A clock that is behind what has happened already, or years away from it. */
export async function examineClock({ ctx, now }: Examined): Promise<readonly Remark[]> {
  const newest = (await ctx.store.lastEvents(1)).at(-1);
  if (newest === undefined) return [fine(renderInstant(now))];
  const at = renderInstant(newest.at);
  if (newest.at > now + 60) {
    const message = `the clock says ${renderInstant(now)}, but an event happened ${at}`;
    return [problem('not-valid-then', message, 'set the clock: timedatectl')];
  }
  if (now - newest.at < 5 * 365 * DAY) return [fine(renderInstant(now))];
  return [
    notice(
      `the clock says ${renderInstant(now)}, years after the last event, ${at}`,
      'look at the clock: timedatectl',
    ),
  ];
}

/** Who holds the right to write. */
export function examineWriter({ writer }: Examined): Promise<readonly Remark[]> {
  if (writer instanceof ZmintError && writer.code === 'busy')
    return Promise.resolve([notice(writer.message, writer.hint ?? null)]);
  if (writer instanceof ZmintError) return Promise.reject(writer);
  if (writer === undefined) return Promise.resolve([fine('nobody is changing the zone')]);
  const { command, pid, since } = writer;
  const message = `zmint ${command} is changing the zone: process ${pid}, since ${renderInstant(since)}`;
  return Promise.resolve([notice(message, `when it hangs: ps -p ${pid}`)]);
}

/** Modes, owners and links of the zone home, as far as the folder of the trust store needs them. */
export async function examineZoneHome({ ctx }: Examined): Promise<readonly Remark[]> {
  await ctx.folder.readTrust();
  return [fine(ctx.zoneHome)];
}

/** The published trust bundle against the recorded anchors. */
export async function examineTrustStore({ ctx, anchors }: Examined): Promise<readonly Remark[]> {
  const recorded = await bundleOf(ctx, trustOf(anchors));
  const file = await ctx.folder.readTrust();
  if (file === undefined && anchors.length === 0) return [fine('no root is trusted yet')];
  if (file !== undefined && ctx.digest.sha256(file) === ctx.digest.sha256(recorded))
    return [fine(`${counted(anchors.length, 'root')}, as recorded`)];
  const fact = file === undefined ? 'is missing' : 'is not what is recorded';
  return [problem('damaged', `truststore/cacerts.pem ${fact}`, 'zmint ssl resume')];
}
