const POLL_MS = 25;

/** The processes of one group, by the id of the one that leads it (POSIX `setsid`, `kill -- -ID`). */
export class ProcessGroup {
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  /** Asks all of them to end, and ends those that are still there after `graceMs`. */
  async end(graceMs: number): Promise<void> {
    this.#signal('SIGTERM');
    const giveUp = performance.now() + graceMs;
    while (this.#signal(0)) {
      if (performance.now() >= giveUp) {
        this.#signal('SIGKILL');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Whether there was anyone to get it. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      process.kill(-this.#id, signal);
      return true;
    } catch {
      return false;
    }
  }
}
