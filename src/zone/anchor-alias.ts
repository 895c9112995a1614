import { ZmintError } from '../errors.js';

const MOST = 64;
const FORM = /^[A-Za-z\d](?:[\w.-]{0,62}[A-Za-z\d])?$/u;
const RESERVED = /^zone-ca-g\d+$/iu;

/**
 * The name under which a person adds a root: 1 to 64 letters, digits, dots, dashes and underscores,
 * so that it can be a file name and an entry of any store. Throws `policy`, also for the names that
 * the zone keeps for its own roots.
 */
export function parseAnchorAlias(text: string): string {
  if (!FORM.test(text)) {
    throw new ZmintError('policy', `"${text}" cannot be the alias of a root`, {
      hint: `1 to ${MOST} letters, digits, dots, dashes and underscores, as partner-root`,
    });
  }
  if (RESERVED.test(text)) {
    throw new ZmintError('policy', `"${text}" is kept for the roots of the zone's own CA`, {
      hint: 'choose another alias with --alias',
    });
  }
  return text;
}

/** Java and file systems tell names apart without regard to case, so zmint does too. */
export function sameAlias(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** An alias made from a name in a certificate or store; `fallback` when nothing usable is in it. */
export function suggestAlias(name: string, fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z\d._-]+/gu, '-')
    .slice(0, MOST)
    .replace(/^[._-]+|[._-]+$/gu, '');
  const made = plain === '' ? fallback : plain;
  return RESERVED.test(made) ? `external-${made}` : made;
}
