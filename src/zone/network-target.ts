import { ZmintError } from '../errors.js';
import { ipAddressOctets } from '../x509/ip-address.js';
import { isDnsName } from './dns-name.js';

/** Where to connect to. */
export interface NetworkTarget {
  readonly host: string;
  readonly port: number;
  /** `host:port`, an IPv6 address in brackets. */
  readonly text: string;
}

/** Reads `host:port`, `192.0.2.7:443`, `[2001:db8::7]:443`; the port may be left out for 443, or another. Throws `policy`. */
export function parseTarget(text: string, defaultPort = 443): NetworkTarget {
  const { host, port } = split(text.trim(), defaultPort);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new ZmintError('policy', `"${text}" is no address to connect to`, {
      hint: 'write it as web1.example.com:443 or 192.0.2.7:443',
    });
  }
  return { host, port, text: `${host.includes(':') ? `[${host}]` : host}:${port}` };
}

function split(
  text: string,
  defaultPort: number,
): { readonly host: string | undefined; readonly port: number } {
  const match = /^(?<host>\[[^\]]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/u.exec(text);
  const { host = '', port = String(defaultPort) } = match?.groups ?? {};
  return { host: knownHost(host.toLowerCase()), port: Number(port) };
}

function knownHost(host: string): string | undefined {
  if (!host.startsWith('[')) {
    return ipAddressOctets(host) !== undefined || isDnsName(host) ? host : undefined;
  }
  const address = host.slice(1, -1);
  return ipAddressOctets(address) === undefined ? undefined : address;
}
