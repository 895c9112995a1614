import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { readCertificates } from '../x509/read-certificates.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { ImportMaterial } from './import-material.js';

const USABLE: readonly MemberSet['state'][] = ['live', 'previous', 'ready'];

/**
 * The key and certificates of a server as one of its generations holds them: the live one, or
 * (`kept`) the newest whose certificate has not expired when the live one is gone or has. Undefined
 * when there is none. What cannot be read is passed over, unless it is the only one.
 */
export async function findKeptSet(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  member: Member,
  which: 'kept' | 'live',
): Promise<ImportMaterial | undefined> {
  const found: ImportMaterial[] = [];
  const failures: ZmintError[] = [];
  for (const set of candidates(snapshot, member, which)) {
    try {
      const material = await readMaterial(ctx, member, set);
      if (material === undefined) continue;
      if (endOf(material) > snapshot.now) return material;
      found.push(material);
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (found.length === 0 && failure !== undefined) throw failure;
  return found[0];
}

/** The live set first, then the newest. */
function candidates(
  snapshot: ZoneSnapshot,
  member: Member,
  which: 'kept' | 'live',
): readonly MemberSet[] {
  const sets = (snapshot.sets.get(member.id) ?? []).filter((set) => USABLE.includes(set.state));
  const live = sets.filter((set) => set.state === 'live');
  if (which === 'live') return live;
  const others = sets.filter((set) => set.state !== 'live');
  return [...live, ...others.sort((a, b) => b.number - a.number)];
}

function endOf({ certificates }: ImportMaterial): Instant {
  return certificates[0]?.notAfter ?? 0;
}

async function readMaterial(
  ctx: ReadContext,
  member: Member,
  set: MemberSet,
): Promise<ImportMaterial | undefined> {
  const files = await ctx.homes.readSet(serverHome(ctx.zoneHome, member), set.number);
  const cer = files?.['server.cer'];
  const pkcs8 = files?.['key.der'];
  if (cer === undefined || pkcs8 === undefined) return undefined;
  const name = `generation ${set.number} of ${member.name}`;
  const certificates = readCertificates(cer, `${name}/server.cer`);
  const [leaf] = certificates;
  if (leaf !== undefined && ctx.digest.sha256(leaf.der) === set.leaf)
    return { pkcs8, certificates, name };
  throw new ZmintError('damaged', `${name} holds another certificate than is recorded`, {
    hint: 'zmint doctor',
  });
}
