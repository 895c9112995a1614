import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ZmintError } from '../../errors.js';
import { factsOf, type FileContent } from './entry-facts.js';
import { errnoOf } from './file-error.js';
import { shellWord } from '../../zone/shell-word.js';

/** As `ZoneFs` says, but for a file that is not there. */
export function readBounded(path: string, limit: number): FileContent {
  // Without O_NONBLOCK opening a named pipe would wait for a writer for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return withDescriptor(path, flags, (descriptor) => {
    const facts = factsOf(fstatSync(descriptor));
    if (facts.kind !== 'file') {
      throw new ZmintError('unsafe-path', `${path} is not a regular file`, {
        hint: `ls -ld ${shellWord(path)}`,
        details: { path },
      });
    }
    const room = { limit, expected: facts.size, isFile: true };
    return { bytes: readToEnd(descriptor, room, path), facts };
  });
}

/** How much may come, how much is likely to. */
interface Room {
  readonly limit: number;
  readonly expected: number;
  /** A regular file, of which the system reads as much as is asked for, or all there is. */
  readonly isFile?: boolean;
}

/**
 * Reads a descriptor to its end. A file may grow while it is read: room for one octet more than expected
 * shows it. Throws `unreadable` for more bytes than the limit.
 */
export function readToEnd(
  descriptor: number,
  { limit, expected, isFile = false }: Room,
  name: string,
): Uint8Array {
  const room = Math.min(limit, expected) + 1;
  const buffer = new Uint8Array(room);
  let length = 0;
  for (let more = 1; more > 0 && length < room; length += more) {
    more = readSome(descriptor, buffer, length);
    // More was asked for, and as much came as the file is said to have: that is its end.
    if (isFile && length + more === expected && expected < room) return ended(buffer, expected);
  }
  const bytes = buffer.slice(0, length);
  if (length === room && room <= limit) return readOn(descriptor, bytes, limit, name);
  buffer.fill(0);
  if (length <= limit) return bytes;
  bytes.fill(0);
  throw new ZmintError('unreadable', `${name} has more than ${limit} bytes`, {
    details: { path: name },
  });
}

function ended(buffer: Uint8Array, length: number): Uint8Array {
  const bytes = buffer.slice(0, length);
  buffer.fill(0);
  return bytes;
}

/** The file was longer than its facts said. */
function readOn(descriptor: number, begun: Uint8Array, limit: number, name: string): Uint8Array {
  const left = limit - begun.length;
  const rest = readToEnd(descriptor, { limit: left, expected: left }, name);
  const whole = new Uint8Array(begun.length + rest.length);
  whole.set(begun);
  whole.set(rest, begun.length);
  begun.fill(0);
  rest.fill(0);
  return whole;
}

function readSome(descriptor: number, buffer: Uint8Array, offset: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, offset, buffer.length - offset, null);
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') throw error;
      // A descriptor that was handed over may be non-blocking: its writer is not ready yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Closes it whatever happens. */
export function withDescriptor<T>(path: string, flags: number, work: (descriptor: number) => T): T {
  const descriptor = openSync(path, flags);
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
