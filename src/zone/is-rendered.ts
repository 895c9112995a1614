import type { Operation } from './operation.js';

/**
 * Whether the future sets of an operation are shown in the remint-repos from the beginning. Those of
 * one that activates in the run that begins it would be taken away again at once; they are shown
 * only where the activation failed.
 */
export function isRendered({ activation, policy, startedAt }: Operation): boolean {
  const atOnce = activation.when === 'at' && activation.instant <= startedAt;
  return !atOnce || policy === 'gate';
}
