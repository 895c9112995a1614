import type { Socket } from 'node:net';
import { ZmintError } from '../../errors.js';

const MOST_OCTETS = 64 * 1024;

/**
 * Reads a connection by lines and octets, and nothing beyond what was asked for. Rejects with
 * `unreachable` when the other side hangs up or sends more than 64 KiB without being understood.
 */
export class LineReader {
  readonly #socket: Socket;
  #kept: Buffer = Buffer.alloc(0);
  #ended: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#take);
    socket.on('end', this.#end);
    socket.on('error', this.#fail);
  }

  write(data: string | Uint8Array): void {
    this.#socket.write(data);
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    const end = await this.#until(() => {
      const at = this.#kept.indexOf(0x0a);
      return at === -1 ? undefined : at;
    });
    return this.#cut(end + 1)
      .toString('utf8')
      .trimEnd();
  }

  async octets(count: number): Promise<Uint8Array> {
    await this.#until(() => (this.#kept.length >= count ? count : undefined));
    return new Uint8Array(this.#cut(count));
  }

  /** Whether something has arrived that nobody has asked for yet. */
  hasMore(): boolean {
    return this.#kept.length > 0;
  }

  /** Leaves the connection to the next reader. */
  close(): void {
    this.#socket.off('data', this.#take);
    this.#socket.off('end', this.#end);
    this.#socket.off('error', this.#fail);
    this.#socket.pause();
  }

  readonly #take = (chunk: Buffer): void => {
    this.#kept = Buffer.concat([this.#kept, chunk]);
    if (this.#kept.length > MOST_OCTETS) this.#ended ??= gone('it sends too much');
    this.#wake?.();
  };

  readonly #end = (): void => {
    this.#ended ??= gone('it hung up');
    this.#wake?.();
  };

  readonly #fail = (error: Error): void => {
    this.#ended ??= error;
    this.#wake?.();
  };

  async #until(ready: () => number | undefined): Promise<number> {
    for (;;) {
      const found = ready();
      if (found !== undefined) return found;
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #cut(count: number): Buffer {
    const cut = this.#kept.subarray(0, count);
    this.#kept = this.#kept.subarray(count);
    return cut;
  }
}

function gone(fact: string): ZmintError {
  return new ZmintError('unreachable', fact);
}
