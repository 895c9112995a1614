/** The library's public names. Commands import from here and from nowhere else in `src`. */
export type { OperationContext, ReadContext } from './ports/context.js';
export type { Progress, ProgressEvent } from './ports/progress.js';
export type { PassphraseSource } from './ports/passphrase-source.js';
export type { Instant, Seconds } from './zone/instant.js';
export type { OffsetAt } from './zone/local-time.js';
