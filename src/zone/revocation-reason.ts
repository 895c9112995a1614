import { ZmintError } from '../errors.js';

/** Reasons that zmint revokes for, with their CRLReason (RFC 5280 §5.3.1). */
export const REASON_CODES = {
  unspecified: 0,
  'key-compromise': 1,
  'ca-compromise': 2,
  'affiliation-changed': 3,
  superseded: 4,
  'cessation-of-operation': 5,
  'privilege-withdrawn': 9,
} as const;

export type RevocationReason = keyof typeof REASON_CODES;

/** Reasons of RFC 5280 that zmint does not take, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'certificate-hold':
    'a hold can be lifted again, and whoever missed that keeps refusing the certificate; zmint revokes for good',
  'remove-from-crl': 'it only lifts a hold in a delta CRL, and zmint makes neither',
  'aa-compromise': 'it is for attribute authorities, and zmint has none',
};

/** The reason that a word means, in any case. Throws `policy` for one that zmint does not take, `usage`. */
export function parseRevocationReason(word: string): RevocationReason {
  const wanted = word.toLowerCase();
  const known = reasons().find((reason) => reason === wanted);
  if (known !== undefined) return known;
  const refused = REFUSED[wanted];
  const instead = { hint: `one of ${reasons().join(', ')}` };
  if (refused !== undefined)
    throw new ZmintError('policy', `the reason ${wanted} is not taken: ${refused}`, instead);
  throw new ZmintError('usage', `"${word}" is no reason for a revocation`, instead);
}

function reasons(): readonly RevocationReason[] {
  return Object.keys(REASON_CODES) as RevocationReason[];
}
