import { ZmintError } from '../errors.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/** Whether the text is one or more RFC 1123 labels, lower case, 253 octets at most, no dot at the end. */
export function isDnsName(text: string): boolean {
  return (
    text.length > 0 && text.length <= 253 && text.split('.').every((label) => LABEL.test(label))
  );
}

/** A DNS name in lower case without its final dot. Throws `policy` naming what is wrong with it. */
export function parseDnsName(text: string): string {
  const name = text.trim().toLowerCase().replace(/\.$/u, '');
  if (!isDnsName(name)) {
    throw new ZmintError('policy', `"${text}" is not a DNS name`, {
      hint: 'use letters, digits and hyphens in labels separated by dots; international names as xn--…',
    });
  }
  if (/^\d+$/u.test(name.split('.').at(-1) ?? '')) {
    throw new ZmintError('policy', `"${text}" ends in a number, as no DNS name does`, {
      hint: 'give an address with --ip',
    });
  }
  return name;
}

/** As `parseDnsName`; the leftmost label may be `*` when two labels or more follow (RFC 9525 §6.3). */
export function parseDnsPattern(text: string): string {
  if (!text.trim().startsWith('*.')) return parseDnsName(text);
  const rest = parseDnsName(text.trim().slice(2));
  if (!rest.includes('.')) {
    throw new ZmintError('policy', `the wildcard "${text}" covers a whole top-level domain`, {
      hint: 'give at least two labels behind the asterisk',
    });
  }
  return `*.${rest}`;
}

/** Whether `name` is `pattern` or is covered by its wildcard. Both as parsed here. */
export function dnsPatternCovers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  return pattern.startsWith('*.') && name.slice(name.indexOf('.')) === pattern.slice(1);
}
