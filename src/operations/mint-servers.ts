import type { OperationContext } from '../ports/context.js';
import type { MemberSet } from '../zone/member-set.js';
import type { IssuedUnread } from './issue-many.js';
import { makeSets } from './make-sets.js';
import {
  attempt,
  type MadeSets,
  type MintOutcome,
  type ServerJob,
  type ServerMinting,
} from './server-job.js';

/**
 * Mints certificates for a batch of servers and writes each set into its home, where nothing points
 * to it yet. A server that fails does not stop the others. Nothing is recorded but the serial
 * numbers: the caller commits the outcome, which is durable by then.
 *
 * Order of writes: serial numbers; each server's key and certificate in one new folder, read back,
 * renamed, and its `remint-repo`; one sync for all of them.
 */
export async function mintServers(
  ctx: OperationContext,
  minting: ServerMinting,
  jobs: readonly ServerJob[],
): Promise<readonly MintOutcome[]> {
  return storeSets(ctx, minting, await makeSets(ctx, minting, jobs));
}

/** The second half: files, one sync; then this process forgets the keys. */
export async function storeSets(
  ctx: OperationContext,
  minting: ServerMinting,
  { made, failed }: MadeSets,
): Promise<readonly MintOutcome[]> {
  const homes = ctx.homes.deferred();
  const outcomes: MintOutcome[] = [...failed];
  const errors = await homes.writeSets(
    made.map(({ job, home, files }) => ({ home, number: job.number, files })),
  );
  for (const [index, one] of made.entries()) {
    const stored = await attempt(one.job, async () => {
      const error = errors[index];
      if (error !== undefined) throw error;
      if (minting.rendered) await homes.writeRepo(one.home, one.files);
    });
    one.files['key.der'].fill(0);
    one.files['key.pem'].fill(0);
    const { job, issued } = one;
    outcomes.push(
      'error' in stored ? stored : { job, ...issued, set: setRow(minting, job, issued) },
    );
  }
  await homes.flush();
  return outcomes;
}

function setRow(minting: ServerMinting, job: ServerJob, issued: IssuedUnread): MemberSet {
  return {
    memberId: job.member.id,
    number: job.number,
    purpose: job.purpose,
    state: 'ready',
    leaf: issued.record.fingerprint,
    chain: minting.chain.fingerprints,
    trust: minting.trust.fingerprints,
    operationId: minting.operationId,
    createdAt: minting.now,
  };
}
