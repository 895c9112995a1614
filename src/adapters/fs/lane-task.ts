import { ZmintError, type ErrorCode, type ErrorDetails } from '../../errors.js';
import type { SetFiles } from '../../ports/member-homes.js';
import type { WrittenPaths } from './written-paths.js';

/** Where a file's bytes stand in those of the task. */
export type PackedFile = readonly [name: keyof SetFiles, offset: number, length: number];

/** Sets to be written by another thread: what crosses over is one block of bytes, which is handed on. */
export interface LaneTask {
  readonly id: number;
  readonly sets: readonly {
    readonly home: string;
    readonly number: number;
    readonly files: readonly PackedFile[];
  }[];
  readonly bytes: Uint8Array;
}

/** A set that could not be written, as the error that says why. */
export interface LaneFailure {
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;
}

/** What came of a task. `broken`: the thread itself is at fault, and nothing of the task counts. */
export interface LaneAnswer {
  readonly id: number;
  readonly failures: readonly LaneFailure[];
  readonly written: WrittenPaths;
  readonly broken?: string;
}

/** The error that a failure tells of. */
export function errorOf({ code, message, hint, details }: LaneFailure): ZmintError {
  return new ZmintError(code, message, { ...(hint === undefined ? {} : { hint }), details });
}
