import { ZmintError } from '../../errors.js';

/** Where to connect to. */
export interface Target {
  /** A DNS name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

const FORM = /^(?:\[(?<v6>[0-9a-fA-F:.%a-z]+)\]|(?<name>[^\s:[\]/@]+)):(?<port>\d{1,5})$/u;

/** Reads `host:port`, an IPv6 address in brackets (RFC 3986 §3.2.2). Throws `usage` for anything else. */
export function parseTarget(text: string): Target {
  const parts = FORM.exec(text)?.groups;
  const host = parts?.v6 ?? parts?.name;
  const port = Number(parts?.port);
  if (host === undefined || !(port >= 1 && port <= 65_535)) {
    throw new ZmintError('usage', `"${text}" is not a host and a port`, {
      hint: 'write web1.example.com:443, 192.0.2.7:443 or [2001:db8::7]:443',
    });
  }
  return { host, port };
}
