/** The clients by the only root that they trust. */
export const KINDS = ['old', 'new'] as const;
export type Kind = (typeof KINDS)[number];

/** Before, during and after the activation. */
export const PHASES = ['before', 'during', 'after'] as const;
export type Phase = (typeof PHASES)[number];

/** Handshakes of one kind of client. */
export interface Tally {
  /** Those that worked, by the phase in which they began. */
  readonly ok: Readonly<Record<Phase, number>>;
  readonly failed: number;
  /** Why the first that failed did. */
  readonly reason: string | null;
}

export type Tallies = Readonly<Record<Kind, Tally>>;

/** Where a client connects, and the DNS name that it demands. */
export interface Target {
  readonly port: number;
  readonly serverName: string;
}

/** What the process with the clients is asked for; each is answered with the tallies. */
export type ClientOrder =
  | {
      readonly order: 'start';
      readonly kind: Kind;
      readonly root: string;
      readonly targets: readonly Target[];
    }
  | { readonly order: 'phase'; readonly phase: Phase }
  | { readonly order: 'count' }
  | { readonly order: 'stop' };

/** All handshakes, and those that failed. */
export function sumOf(tallies: Tallies): { readonly all: number; readonly failed: number } {
  const each = KINDS.map((kind) => tallies[kind]);
  const failed = each.reduce((sum, tally) => sum + tally.failed, 0);
  const ok = each.reduce((sum, tally) => sum + okOf(tally), 0);
  return { all: ok + failed, failed };
}

function okOf({ ok }: Tally): number {
  return PHASES.reduce((sum, phase) => sum + ok[phase], 0);
}
