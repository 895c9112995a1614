import { writeSync } from 'node:fs';
import type { Output } from '../commands/cli/surroundings.js';
import { isTerminal as isATerminal } from './is-terminal.js';

const FULL_PIPE_WAIT_MS = 2;

/**
 * An output that has written everything when `write` returns, so that the process may end at any
 * time after it. When the reader has gone away (EPIPE) the rest is dropped without an error.
 */
export function descriptorOutput(descriptor: 1 | 2): Output {
  let gone = false;
  const isTerminal = isATerminal(descriptor);
  return {
    isTerminal,
    get columns() {
      return isTerminal ? columnsOf(descriptor) : undefined;
    },
    write: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length && !gone;) {
        const written = writeSome(descriptor, bytes.subarray(at));
        if (written === 'gone') gone = true;
        else at += written;
      }
    },
  };
}

function columnsOf(descriptor: number): number | undefined {
  const { WriteStream } = process.getBuiltinModule('node:tty');
  const [columns] = new WriteStream(descriptor).getWindowSize();
  return columns > 0 ? columns : undefined;
}

function writeSome(descriptor: number, bytes: Uint8Array): number | 'gone' {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPIPE') return 'gone';
    if (code !== 'EAGAIN') throw error;
    // Another process made the pipe non-blocking, and it is full.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
    return 0;
  }
}
