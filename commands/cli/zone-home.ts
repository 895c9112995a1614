/** Where the zone home may be named. */
export interface HomeFacts {
  /** `--zone`. */
  readonly flag: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Home folder of the user. */
  userHome(): string;
}

/**
 * The zone home as it was named: `--zone`, else `ZMINT_ZONE`, else `/var/opt/zmint` for root and
 * `$XDG_DATA_HOME/zmint` (`~/.local/share/zmint`) for others. A relative `XDG_DATA_HOME` is ignored,
 * as its specification asks.
 */
export function chooseZoneHome(facts: HomeFacts): string {
  if (facts.flag !== undefined) return facts.flag;
  const named = facts.environment.ZMINT_ZONE;
  if (named !== undefined && named !== '') return named;
  if (facts.isRoot) return '/var/opt/zmint';
  const data = facts.environment.XDG_DATA_HOME;
  if (data?.startsWith('/') === true) return `${data.replace(/\/+$/u, '')}/zmint`;
  return `${facts.userHome()}/.local/share/zmint`;
}
