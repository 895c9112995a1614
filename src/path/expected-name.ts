import { ZmintError } from '../errors.js';
import { ipAddressOctets, ipAddressText } from '../x509/ip-address.js';
import { isHostName } from './match-name.js';
import type { ExpectedName } from './path-input.js';

/** A name to hold a certificate against: an e-mail or IP address, or else a DNS name. Throws `usage`. */
export function parseExpectedName(text: string): ExpectedName {
  const word = text.trim();
  if (/^[^@\s]+@[^@\s]+$/u.test(word)) return { kind: 'email', value: word };
  const octets = ipAddressOctets(word);
  const address = octets === undefined ? undefined : ipAddressText(octets);
  if (address !== undefined) return { kind: 'ip', value: address };
  const host = word.toLowerCase().replace(/\.$/u, '');
  if (isHostName(host)) return { kind: 'dns', value: host };
  throw new ZmintError('usage', `"${text}" is no DNS name, IP address or e-mail address`, {
    hint: 'give one name without wildcard; international names as xn--…',
  });
}
