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

/** Reads `host:port`, `192.0.2.7:443`, `[2001:db8::7]:443`; the port may be left out for 443. Throws `policy`. */
export function parseTarget(text: string): NetworkTarget {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/u.exec(text.trim());
  const host = (match?.[1] ?? match?.[2] ?? '').toLowerCase();
  const port = Number(match?.[3] ?? '443');
  const bracketed = match?.[1] !== undefined;
  const known = ipAddressOctets(host) !== undefined || (!bracketed && isDnsName(host));
  if (!known || port < 1 || port > 65_535) {
    throw new ZmintError('policy', `"${text}" is no address to connect to`, {
      hint: 'as web1.example.com:443',
    });
  }
  return { host, port, text: `${host.includes(':') ? `[${host}]` : host}:${port}` };
}
