import { ZmintError } from '../errors.js';
import { isServer, type Member, type MemberKind } from './member.js';
import { parseMemberName } from './member-name.js';

const FOLDER = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/** The folder that members of a kind live under. */
function rootFolder(kind: MemberKind): string {
  return kind === 'primary' || kind === 'satellite' ? '/Devices/Servers' : '/Devices/Workstations';
}

/**
 * A member's full path from what was typed: nothing, a folder below the kind's root, or the full
 * path. Throws `policy` when it lies elsewhere or does not end in the member's name.
 */
export function parseMemberPath(text: string | null, kind: MemberKind, name: string): string {
  const root = rootFolder(kind);
  if (text === null || text === '') return `${root}/${name}`;
  const relative = text.startsWith(`${root}/`)
    ? text.slice(root.length + 1)
    : text.replace(/^\//u, '');
  const parts = relative.split('/').filter((part) => part !== '');
  const folders = parts.at(-1)?.toLowerCase() === name ? parts.slice(0, -1) : parts;
  const bad = folders.find((part) => !FOLDER.test(part));
  if (text.startsWith('/') && !text.startsWith(`${root}/`)) {
    throw new ZmintError('policy', `the path "${text}" does not lie under ${root}`, {
      hint: `give a path such as ${root}/Berlin/${name}`,
    });
  }
  if (bad !== undefined) {
    throw new ZmintError('policy', `"${bad}" is no name for a folder of members`, {
      hint: 'use letters, digits, spaces, dots, hyphens and underscores',
    });
  }
  return [root, ...folders, parseMemberName(name)].join('/');
}

/**
 * The member that a typed word means: any tail of its path that only one member has, without regard
 * to case. Throws `unknown-member`, or `ambiguous-member` with the paths that match.
 */
export function findMember(members: readonly Member[], word: string): Member {
  const wanted = word
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '');
  const matches = members.filter((member) =>
    endsWith(member.path.toLowerCase().split('/'), wanted),
  );
  const exact = matches.filter((member) => member.name === wanted.join('/'));
  const found = matches.length === 1 ? matches[0] : exact.length === 1 ? exact[0] : undefined;
  if (found !== undefined && wanted.length > 0) return found;
  if (matches.length > 1 && wanted.length > 0) {
    const paths = matches.map((member) => member.path);
    throw new ZmintError(
      'ambiguous-member',
      `"${word}" means more than one member: ${paths.join(', ')}`,
      {
        hint: 'type more of the path',
        details: { paths },
      },
    );
  }
  throw new ZmintError('unknown-member', `there is no member "${word}" in this zone`, {
    hint: nearest(members, word),
  });
}

/** As `findMember`, for a member that has a certificate. Throws `unknown-member` for a device. */
export function findServer(members: readonly Member[], word: string): Member {
  const member = findMember(members, word);
  if (isServer(member)) return member;
  throw new ZmintError('unknown-member', `${member.path} is a device, not a server`, {
    hint: 'zmint server list',
  });
}

function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  return (
    tail.length > 0 &&
    tail.length <= path.length &&
    tail.every((part, i) => path[path.length - tail.length + i] === part)
  );
}

function nearest(members: readonly Member[], word: string): string {
  const start = word.toLowerCase().slice(0, 3);
  const similar = members.find((member) => start !== '' && member.name.startsWith(start));
  return similar === undefined
    ? 'zmint server list'
    : `did you mean ${similar.name}? zmint server list shows all`;
}
