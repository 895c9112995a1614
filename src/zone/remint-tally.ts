import { CutListBuilder, MOST_LISTED, type CutList } from './cut-list.js';
import type { Instant } from './instant.js';
import { isServer, type Member } from './member.js';
import type { PlannedBreak, PlannedServer } from './remint-plan.js';

/** A planned server with what a person should know about it. */
export interface TalliedServer {
  readonly member: Member;
  readonly planned: PlannedServer;
  readonly warnings: readonly string[];
}

/** What a plan says about all its members, in sums and in the beginnings of lists. */
export interface RemintSums {
  readonly servers: CutList<PlannedServer>;
  readonly serverWarnings: CutList<string>;
  readonly keeping: number;
  readonly placed: number;
  readonly withoutReload: CutList<string>;
  readonly devices: CutList<string>;
  readonly unreached: CutList<string>;
  /** Devices that no folder reaches. */
  readonly stranded: CutList<Pick<PlannedBreak, 'member'>>;
  /** The earliest end of what is replaced; null when nothing is. */
  readonly replacedEnds: Instant | null;
  /** Certificates whose end is that of their issuer. */
  readonly cut: number;
}

/** Sums up a plan while the zone goes by in batches, in bounded memory. */
export class RemintTally {
  readonly #issuerEnds: Instant;
  readonly #withoutReload = new CutListBuilder<string>();
  readonly #devices = new CutListBuilder<string>();
  readonly #unreached = new CutListBuilder<string>();
  readonly #stranded = new CutListBuilder<Pick<PlannedBreak, 'member'>>();
  #first: TalliedServer[] = [];
  #warned = 0;
  #servers = 0;
  #keeping = 0;
  #placed = 0;
  #cut = 0;
  #replacedEnds: Instant | null = null;

  /** @param issuerEnds - when the CA that issues the certificates ends */
  constructor(issuerEnds: Instant) {
    this.#issuerEnds = issuerEnds;
  }

  addServer(server: TalliedServer): void {
    const { member, planned, warnings } = server;
    this.#servers += 1;
    if (planned.placedByHand) this.#placed += 1;
    else if (planned.keepKey) this.#keeping += 1;
    if (planned.validity.notAfter === this.#issuerEnds) this.#cut += 1;
    if (member.reload === null) this.#withoutReload.add(planned.name);
    const ends = planned.replacedEnds;
    if (ends !== null) this.#replacedEnds = Math.min(ends, this.#replacedEnds ?? ends);
    this.#warned += warnings.length;
    this.#first.push(server);
    if (this.#first.length >= 2 * MOST_LISTED) this.#first = firstOf(this.#first);
  }

  /** A member that gets no certificate but must learn the new trust. */
  addDevice(member: Member): void {
    if (isServer(member) && member.dnsName !== null) return;
    this.#devices.add(member.name);
    if (member.home !== null) return;
    this.#unreached.add(member.name);
    if (!isServer(member)) this.#stranded.add({ member: member.path });
  }

  sums(): RemintSums {
    const first = firstOf(this.#first);
    return {
      servers: { total: this.#servers, shown: first.map(({ planned }) => planned) },
      serverWarnings: {
        total: this.#warned,
        shown: first.flatMap(({ warnings }) => warnings).slice(0, MOST_LISTED),
      },
      keeping: this.#keeping,
      placed: this.#placed,
      withoutReload: this.#withoutReload.list(),
      devices: this.#devices.list(),
      unreached: this.#unreached.list(),
      stranded: this.#stranded.list(),
      replacedEnds: this.#replacedEnds,
      cut: this.#cut,
    };
  }
}

/** The first ones in the order of activation. */
function firstOf(servers: readonly TalliedServer[]): TalliedServer[] {
  const sorted = [...servers].sort(
    ({ planned: a }, { planned: b }) => a.order - b.order || (a.name < b.name ? -1 : 1),
  );
  return sorted.slice(0, MOST_LISTED);
}
