import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { chooseSatellite } from '../zone/choose-satellite.js';
import type { Member } from '../zone/member.js';

/** The satellite that is meant; null: the only one. Throws as `chooseSatellite` does. */
export async function findSatellite(ctx: ReadContext, word: string | null): Promise<Member> {
  return chooseSatellite(await ctx.store.members(), word, []);
}

/**
 * The same for a remint. Throws `policy` in a zone with an external CA, which alone can sign.
 */
export async function findRemintedSatellite(
  ctx: ReadContext,
  word: string | null,
): Promise<Member> {
  const satellite = await findSatellite(ctx, word);
  const active = (await ctx.store.authorities()).find(({ state }) => state === 'active');
  if (active?.kind !== 'external') return satellite;
  const { name } = satellite;
  throw new ZmintError(
    'policy',
    `zmint cannot remint ${name}: the CA of the zone is external, and it alone can sign`,
    { hint: `zmint generate-csr ${name}, or zmint iac ${name} with a certificate of that CA` },
  );
}
