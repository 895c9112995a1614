const LIMIT = 4096;

/** Keeps the last 4 KiB of what is written to it. */
export class OutputTail {
  #kept: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-LIMIT)]).subarray(-LIMIT);
  }

  /** As UTF-8; what is not is replaced, and a character that the limit cut is left out. */
  text(): string {
    let start = 0;
    if (this.#kept.length === LIMIT) {
      while (start < 3 && ((this.#kept[start] ?? 0) & 0xc0) === 0x80) start += 1;
    }
    return this.#kept.toString('utf8', start);
  }
}
