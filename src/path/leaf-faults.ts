import type { Certificate } from '../x509/certificate.js';
import { purposeFaults } from './issuer-problems.js';
import { nameFault } from './match-name.js';
import type { PathInput } from './path-input.js';
import type { Fault } from './path-problem.js';

/** The key usages of which a purpose needs at least one (RFC 5280 §4.2.1.12). */
const NEEDED_USAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['1.3.6.1.5.5.7.3.1', ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  ['1.3.6.1.5.5.7.3.2', ['digitalSignature', 'keyAgreement']],
  ['1.3.6.1.5.5.7.3.3', ['digitalSignature']],
  ['1.3.6.1.5.5.7.3.4', ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement']],
  ['1.3.6.1.5.5.7.3.8', ['digitalSignature', 'nonRepudiation']],
  ['1.3.6.1.5.5.7.3.9', ['digitalSignature', 'nonRepudiation']],
]);

/** What forbids a certificate to be what was asked for: its names, its purposes, its key usage. */
export function leafFaults(
  leaf: Certificate,
  { name, eku }: Pick<PathInput, 'name' | 'eku'>,
): readonly Fault[] {
  const wrongName = name === undefined ? undefined : nameFault(leaf, name);
  return [
    ...(wrongName === undefined ? [] : [wrongName]),
    ...purposeFaults(leaf, eku),
    ...usageFaults(leaf, eku),
  ];
}

function usageFaults({ keyUsage }: Certificate, eku: string | undefined): readonly Fault[] {
  const needed = eku === undefined ? undefined : NEEDED_USAGES.get(eku);
  if (needed === undefined || keyUsage === null) return [];
  if (needed.some((usage) => keyUsage.includes(usage))) return [];
  const fact = `allows by its key usage none of ${needed.join(', ')}, as the purpose needs`;
  return [{ code: 'key-usage', rfc: 'RFC 5280 §4.2.1.12', fact }];
}
