/** The library's public names. Commands import from here and from nowhere else in `src`. */
export type { OperationContext, ReadContext } from './ports/context.js';
export type { PassphraseSource } from './ports/passphrase-source.js';
export type { Progress, ProgressEvent } from './ports/progress.js';
export type { Instant, Seconds } from './zone/instant.js';
export { parseKeySpec, type KeySpec } from './zone/key-spec.js';
export { parseTarget } from './zone/network-target.js';
export type { OffsetAt } from './zone/local-time.js';
export type { Activation } from './zone/operation-terms.js';
export { parseDuration } from './zone/parse-duration.js';
export { parseMoment, parseWhen } from './zone/parse-when.js';
export { renderMoment, renderWhen } from './zone/render-when.js';
