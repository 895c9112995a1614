import { ZmintError } from '../errors.js';

/** A kind and size of key that zmint makes. RFC 5480 (EC), RFC 8410 (Ed25519), RFC 8017 (RSA). */
export const KEY_SPECS = [
  'ec:P-256',
  'ec:P-384',
  'ec:P-521',
  'ed25519',
  'rsa:2048',
  'rsa:3072',
  'rsa:4096',
] as const;

export type KeySpec = (typeof KEY_SPECS)[number];

export const DEFAULT_KEY_SPEC: KeySpec = 'ec:P-256';

/** Reads a SPEC, in any case. Throws `usage` with the list of those that exist. */
export function parseKeySpec(text: string): KeySpec {
  const found = KEY_SPECS.find((spec) => spec.toLowerCase() === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new ZmintError('usage', `there is no key type "${text}"`, {
    hint: `choose one of ${KEY_SPECS.join(', ')}`,
  });
}

/** What the manuals call the key length: `256 bits (ec:P-256)`. */
export function renderKeyLength(spec: string): string {
  const bits = spec === 'ed25519' ? '256' : spec.replace(/^\D*(?:P-)?/u, '');
  return /^\d+$/u.test(bits) ? `${bits} bits (${spec})` : spec;
}
