import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes, SetFiles } from '../ports/member-homes.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import { createSetProver, type SetProver } from './check-set.js';
import { createKnownSigners } from './known-signers.js';
import type { OperationRun } from './operation-run.js';
import { bundledFiles, setBundles, type SetBundles } from './set-files.js';

/** A set that is about to be served. */
export interface FutureSet {
  readonly member: Member;
  readonly home: string;
  readonly set: MemberSet;
  readonly homes: MemberHomes;
  /** Its files, where they were read a moment ago for the same batch. */
  readonly files?: SetFiles | undefined;
}

/** Reads future sets again right before they are used: disks and people change things (I-1). */
export interface FutureContents {
  /** Why a set must not be served; undefined: it holds what was recorded and is good now. */
  refusal(future: FutureSet, run: OperationRun): Promise<ZmintError | undefined>;
}

interface Shared {
  readonly bundles: SetBundles;
  readonly prove: SetProver;
}

interface Sound extends Shared {
  readonly homes: MemberHomes;
  readonly signedBy: Uint8Array | undefined;
}

/**
 * The files of a set must be, octet for octet, those of the certificates that were recorded for it;
 * its key that of the leaf; its path valid at the instant of the run. What sets have in common is
 * read and judged once.
 */
export function createFutureContents(ctx: OperationContext, head: OperationRun): FutureContents {
  const known = new Map<string, Shared>();
  const signers = createKnownSigners(ctx, head.snapshot);
  const sharedOf = async ({ chain, trust }: MemberSet, run: OperationRun): Promise<Shared> => {
    const name = [...chain, '|', ...trust].join(' ');
    const made = known.get(name);
    if (made !== undefined) return made;
    const bytes = { chain: await ctx.store.der(chain), trust: await ctx.store.der(trust) };
    const shared = { bundles: setBundles(bytes), prove: createSetProver(ctx, bytes, run.now) };
    known.set(name, shared);
    return shared;
  };
  return {
    async refusal(future, run) {
      try {
        const { homes, member, set } = future;
        const record = run.snapshot.future.get(member.id);
        const signedBy = record?.fingerprint === set.leaf ? await signers(record) : undefined;
        const shared = await sharedOf(set, run);
        await requireSound(ctx, future, { ...shared, homes, signedBy });
        return undefined;
      } catch (error) {
        if (error instanceof ZmintError && error.code !== 'bug') return error;
        throw error;
      }
    },
  };
}

async function requireSound(
  ctx: OperationContext,
  { member, home, set, files: read }: FutureSet,
  { bundles, prove, homes, signedBy }: Sound,
): Promise<void> {
  const where = `generation ${set.number} of ${member.name}`;
  const files = read ?? (await homes.readSet(home, set.number));
  const pkcs8 = files?.['key.der'];
  if (files === undefined || pkcs8 === undefined || set.leaf === null) {
    throw new ZmintError('damaged', `${where} is missing or not complete`, {
      hint: `zmint ssl cancel, then zmint ssl remint ${member.name}`,
    });
  }
  const [leaf = new Uint8Array()] = await ctx.store.der([set.leaf]);
  await prove({ leaf: parseCertificate(leaf), pkcs8, signedBy }, where);
  if (isSame(files, bundledFiles(ctx, bundles, { leaf, pkcs8 }))) return;
  throw new ZmintError('damaged', `${where} holds something else than was recorded`, {
    hint: 'zmint doctor',
  });
}

function isSame(found: SetFiles, wanted: SetFiles): boolean {
  return (['server.cer', 'key.pem', 'key.der', 'ca.cert'] as const).every((name) => {
    const [a, b] = [found[name], wanted[name]];
    return a !== undefined && b !== undefined && equalBytes(a, b);
  });
}
