const MOST = 20;
/** What plans and reports keep of a list. */
const MOST_LISTED = 1000;

/** The first items of a long list, and how many were left out; all of them with --verbose. */
export function cutList<T>(
  items: readonly T[],
  verbose: boolean,
): { readonly shown: readonly T[]; readonly left: number } {
  if (verbose || items.length <= MOST) return { shown: items, left: 0 };
  return { shown: items.slice(0, MOST), left: items.length - MOST };
}

/** As `cutList`, for a list of which only the beginning is at hand. */
export function cutLong<T>(
  { total, shown: items }: { readonly total: number; readonly shown: readonly T[] },
  verbose: boolean,
): { readonly shown: readonly T[]; readonly left: number } {
  const { shown } = cutList(items, verbose);
  return { shown, left: total - shown.length };
}

/** The line under a list that was cut; empty when it was not. */
export function cutLine(left: number): string {
  return left === 0 ? '' : `… and ${moreOf(left)}\n`;
}

/** `4 more (--verbose shows all)`; of very long lists it shows the beginning. */
export function moreOf(left: number): string {
  return `${left} more (--verbose shows ${left + MOST > MOST_LISTED ? 'a thousand' : 'all'})`;
}

/** `1 server`, `3 servers`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
