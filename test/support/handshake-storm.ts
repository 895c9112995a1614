import { setTimeout as pause } from 'node:timers/promises';
import { nodeOnce } from './tls-client.js';
import type { Attempt, TlsClient } from './tls-client.js';

/** One kind of client at one server. */
export interface StormClient extends Attempt {
  /** What its results are counted under: `old root`. Several clients may share a name. */
  readonly name: string;
  /** Default: `nodeOnce`. */
  readonly client?: TlsClient;
}

export interface StormOptions {
  /** Loops of each client that run side by side. Default 1. */
  readonly parallel?: number;
  /** Rest of a loop between two handshakes, so that the machine can do something else. Default 4 ms. */
  readonly pauseMs?: number;
}

export interface StormCount {
  readonly ok: number;
  readonly failed: number;
  /** How often each reason was given. */
  readonly reasons: Readonly<Record<string, number>>;
}

interface Tally {
  ok: number;
  failed: number;
  readonly reasons: Record<string, number>;
}

/** Clients that connect without end, so that a test can act meanwhile and look who was turned away. */
export class HandshakeStorm {
  readonly #clients: readonly StormClient[];
  readonly #parallel: number;
  readonly #pauseMs: number;
  readonly #tallies = new Map<string, Tally>();
  #loops: readonly Promise<void>[] = [];
  #blowing = false;

  constructor(clients: readonly StormClient[], options: StormOptions = {}) {
    this.#clients = clients;
    this.#parallel = options.parallel ?? 1;
    this.#pauseMs = options.pauseMs ?? 4;
    for (const { name } of clients) this.#tallies.set(name, { ok: 0, failed: 0, reasons: {} });
  }

  /** Begins; harmless when it blows already. */
  start(): void {
    if (this.#blowing) return;
    this.#blowing = true;
    this.#loops = this.#clients.flatMap((client) =>
      Array.from({ length: this.#parallel }, () => this.#loop(client)),
    );
  }

  /** Lets handshakes under way end, then says what was counted since the beginning. */
  async stop(): Promise<Record<string, StormCount>> {
    this.#blowing = false;
    await Promise.all(this.#loops);
    return this.counts();
  }

  /** What has been counted so far, by name. */
  counts(): Record<string, StormCount> {
    return Object.fromEntries(
      [...this.#tallies].map(([name, tally]) => [
        name,
        { ...tally, reasons: { ...tally.reasons } },
      ]),
    );
  }

  /** Handshakes so far, good and bad, of all clients. */
  total(): number {
    return [...this.#tallies.values()].reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  }

  /** Goes on until so many handshakes have been counted; half a minute must be enough. */
  async reach(total: number): Promise<void> {
    for (let tick = 0; this.total() < total; tick += 1) {
      if (tick === 300) throw new Error(`${this.total()} handshakes in half a minute`);
      await pause(100);
    }
  }

  async #loop(client: StormClient): Promise<void> {
    const tally = this.#tallies.get(client.name);
    while (this.#blowing && tally !== undefined) {
      const result = await (client.client ?? nodeOnce)(client);
      if (result.ok) tally.ok += 1;
      else {
        tally.failed += 1;
        tally.reasons[result.reason] = (tally.reasons[result.reason] ?? 0) + 1;
      }
      await pause(this.#pauseMs);
    }
  }
}
