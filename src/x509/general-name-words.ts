import { toHex } from '../encoding/hex.js';
import type { GeneralName } from './general-name.js';
import { ipAddressText } from './ip-address.js';

const OPAQUE = {
  other: 'other name',
  x400: 'X.400 address',
  edi: 'EDI party',
  oid: 'registered id',
} as const;

const TEXT = { dns: 'DNS', email: 'e-mail', uri: 'URI' } as const;

/** A GeneralName for people: `DNS example.com`, `IP 192.0.2.7`; text in it is as it was written: escape it. */
export function generalNameWords(name: GeneralName): string {
  if (name.kind === 'ip') return `IP ${addressWords(name.octets)}`;
  if (name.kind === 'directory') return `directory name ${name.name.text || '(empty)'}`;
  if ('text' in name) return `${TEXT[name.kind]} ${name.text || '(any)'}`;
  return `${OPAQUE[name.kind]} #${toHex(name.der)}`;
}

/** An address, or with its mask as name constraints have it. */
function addressWords(octets: Uint8Array): string {
  const whole = ipAddressText(octets);
  if (whole !== undefined) return whole;
  const address = ipAddressText(octets.subarray(0, octets.length / 2));
  const mask = ipAddressText(octets.subarray(octets.length / 2));
  const isPair = octets.length === 8 || octets.length === 32;
  return isPair ? `${address ?? ''}/${mask ?? ''}` : `#${toHex(octets)}`;
}
