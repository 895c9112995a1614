import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import type { ContainerItem } from '../x509/container.js';
import { arrangeChains } from './arrange-chains.js';

/** A part of a file that somebody wants alone. */
export const SELECTIONS = ['certificates', 'leaf', 'keys'] as const;
export type Selection = (typeof SELECTIONS)[number];

/**
 * The items that are wanted: all but what means nothing by itself (the name of a curve before a key);
 * with a selection the certificates, the one certificate that issued no other, or the keys. Throws
 * `not-found` when there is none such, `policy` when several certificates could be the leaf.
 */
export function selectItems(
  ctx: Pick<FormatContext, 'keys'>,
  items: readonly ContainerItem[],
  selection: Selection | undefined,
): readonly ContainerItem[] {
  if (selection === undefined) return items.filter((item) => !isCurveName(item));
  const found = items.filter(({ kind }) =>
    selection === 'keys'
      ? kind === 'key' || kind === 'encrypted-key'
      : kind === 'certificate' || kind === 'encrypted-part',
  );
  if (found.length === 0) {
    throw new ZmintError(
      'not-found',
      `there are no ${selection === 'keys' ? 'keys' : 'certificates'} in it`,
      {
        hint: 'zmint cert inspect FILE shows what there is',
      },
    );
  }
  return selection === 'leaf' ? [leafOf(ctx, found)] : found;
}

function isCurveName(item: ContainerItem): boolean {
  return item.kind === 'other' && item.what.startsWith('the name of a curve');
}

function leafOf(ctx: Pick<FormatContext, 'keys'>, items: readonly ContainerItem[]): ContainerItem {
  const certificates = items.filter((item) => item.kind === 'certificate');
  const chains = arrangeChains(
    certificates.map(({ certificate }) => certificate),
    ctx.keys,
  );
  const [chain, another] = chains;
  const leaf = certificates[chain?.members[0] ?? -1];
  if (leaf !== undefined && another === undefined && certificates.length === items.length)
    return leaf;
  throw new ZmintError('policy', 'it cannot be said which certificate is the leaf', {
    hint: 'zmint cert inspect FILE shows the chains; --only certificates takes all',
  });
}
