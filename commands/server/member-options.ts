import { SATELLITE_ROLES, type SatelliteRole } from '../../src/index.js';
import { hostPort, oneOf, text } from '../cli/parsers.js';

/** Options that `init`, `server add` and `device add` share. */
export const MEMBER_OPTIONS = {
  addDns: {
    kind: 'list',
    flag: '--add-dns',
    value: 'NAME',
    summary: 'an additional DNS name, also a wildcard',
    parse: text,
  },
  ip: { kind: 'list', flag: '--ip', value: 'ADDR', summary: 'an IP address', parse: text },
  path: {
    kind: 'value',
    flag: '--path',
    value: 'PATH',
    summary: 'its folder in the zone, such as Berlin/Web',
    parse: text,
  },
  home: {
    kind: 'value',
    flag: '--home',
    value: 'DIR',
    summary: 'where its files lie, instead of servers/NAME in the zone home',
    parse: text,
  },
  reload: {
    kind: 'value',
    flag: '--reload',
    value: 'COMMAND',
    summary: 'the shell command that makes it read its files again',
    parse: text,
  },
  probe: {
    kind: 'value',
    flag: '--probe',
    value: 'HOST:PORT',
    summary: 'where a TLS handshake shows what it serves',
    parse: hostPort,
  },
} as const;

/** `--role`, for satellites. */
export const ROLE_OPTION = {
  kind: 'list',
  flag: '--role',
  value: 'ROLE',
  summary: `what a satellite does: ${SATELLITE_ROLES.join(', ')}`,
  parse: oneOf<SatelliteRole>(SATELLITE_ROLES),
} as const;
