import { ZmintError } from '../errors.js';
import { isDnsName } from './dns-name.js';

/**
 * A member's name: one or more RFC 1123 labels, so that it is safe in a path (I-6). Throws `policy`
 * for everything else.
 */
export function parseMemberName(text: string): string {
  const name = text.toLowerCase();
  if (isDnsName(name)) return name;
  throw new ZmintError('policy', `"${text}" is no name for a member`, {
    hint: 'use letters, digits, hyphens and dots, as in a host name: web1',
  });
}
