import { isAbsolute, normalize, relative, sep } from 'node:path';
import { ZmintError } from '../../errors.js';
import { isDnsName } from '../../zone/dns-name.js';

/** A home as what lies above it and what lies below: below the anchor no symbolic link is allowed. */
export interface HomePath {
  readonly anchor: string;
  readonly below: readonly string[];
}

/** The zone home that was found to be plain last: a process has one. */
let plainHome: string | undefined;

/** The zone home itself. Throws `unsafe-path` when it is not an absolute path in its simplest form. */
export function parseZoneHome(zoneHome: string): HomePath {
  if (zoneHome !== plainHome) plainHome = requirePlainPath(zoneHome);
  return { anchor: zoneHome, below: [] };
}

/**
 * A member's home (I-6). Within the zone home only `servers/<member name>` can be one. Throws
 * `unsafe-path` for everything else there, and for what is not an absolute path in its simplest form.
 */
export function parseMemberHome(zoneHome: string, home: string): HomePath {
  const { anchor } = parseZoneHome(zoneHome);
  const usual = `${anchor}/servers/`;
  // The home of most: in its simplest form for what it is made of, without taking it apart.
  if (home.startsWith(usual) && isDnsName(home.slice(usual.length))) {
    return { anchor, below: ['servers', home.slice(usual.length)] };
  }
  requirePlainPath(home);
  const below = relative(anchor, home).split(sep);
  if (below[0] === '..') return { anchor: home, below: [] };
  const [folder, name, ...more] = below;
  if (folder === 'servers' && name !== undefined && isDnsName(name) && more.length === 0) {
    return { anchor, below };
  }
  throw new ZmintError('unsafe-path', `${home} cannot be the home of a member`, {
    hint: 'give a folder outside the zone home with --home, or none for the default',
    details: { path: home },
  });
}

function requirePlainPath(path: string): string {
  const plain = isAbsolute(path) && normalize(path) === path && path !== '/';
  // Control characters would forge lines wherever the path is shown.
  if (plain && !path.endsWith('/') && !/\p{Cc}/u.test(path)) return path;
  throw new ZmintError('unsafe-path', `${path} is not an absolute path in its simplest form`, {
    hint: 'give the whole path of a folder, without "..", "." and a slash at its end',
    details: { path },
  });
}
