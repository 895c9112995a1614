const MOST = 20;

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
  return left === 0 ? '' : `… and ${left} more (--verbose shows up to a thousand)\n`;
}

/** `1 server`, `3 servers`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
