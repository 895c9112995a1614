import { setTimeout as pause } from 'node:timers/promises';
import { startChild, type Child } from './child.js';
import type { ClientOrder, Kind, Phase, Tallies, Target } from './handshakes.js';

/** A pause of the story is over when each kind has made so many handshakes in it, within reason. */
const ENOUGH = 150;
const LEAST_MS = 1000;
const MOST_MS = 8000;
const LOOK_MS = 100;

/** The clients, all in one process of their own, so that nothing which zmint does holds them up. */
export class Crowd {
  readonly #child: Child;
  readonly #targets: readonly Target[];
  readonly #kinds: Kind[] = [];

  private constructor(child: Child, targets: readonly Target[]) {
    this.#child = child;
    this.#targets = targets;
  }

  static async gather(program: string, targets: readonly Target[]): Promise<Crowd> {
    const { child } = await startChild(program, ['--clients']);
    return new Crowd(child, targets);
  }

  /** From now on clients that trust only this root connect to every server. */
  async start(kind: Kind, root: string): Promise<void> {
    this.#kinds.push(kind);
    await this.#order({ order: 'start', kind, root, targets: this.#targets });
  }

  /** What begins from now on belongs to this phase. */
  async enter(phase: Phase): Promise<void> {
    await this.#order({ order: 'phase', phase });
  }

  /** Lets the clients connect for a while: a second, and until each kind has connected often enough. */
  async watch(phase: Phase): Promise<void> {
    const began = performance.now();
    const before = await this.#order({ order: 'count' });
    for (;;) {
      await pause(LOOK_MS);
      const passed = performance.now() - began;
      const now = await this.#order({ order: 'count' });
      const enough = this.#kinds.every(
        (kind) => now[kind].ok[phase] - before[kind].ok[phase] >= ENOUGH,
      );
      if (passed >= MOST_MS || (enough && passed >= LEAST_MS)) return;
    }
  }

  /** Lets handshakes under way end, and the process with them. */
  async disperse(): Promise<Tallies> {
    const tallies = await this.#order({ order: 'stop' });
    await this.#child.stop();
    return tallies;
  }

  async #order(order: ClientOrder): Promise<Tallies> {
    return (await this.#child.ask(order)) as Tallies;
  }
}
