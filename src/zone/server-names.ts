import { dnsPatternCovers } from './dns-name.js';
import type { Member } from './member.js';

/** The names that a server's certificate is to carry. */
export interface ServerNames {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

export interface NameChoice {
  readonly commonName: string | null;
  /** True: all additional names. False: none. Null: those that the certificate of today carries. */
  readonly includeDns: boolean | null;
  /** The DNS names in the certificate that is replaced. */
  readonly today: readonly string[];
}

/**
 * Common name, DNS names and addresses of the next certificate. The common name is among the DNS
 * names (I-10); additional names that clients use today are not lost without being told so.
 */
export function decideServerNames(member: Member, choice: NameChoice): ServerNames {
  const commonName = choice.commonName ?? member.dnsName ?? member.name;
  const additional = member.additionalDnsNames.filter(
    (name) => choice.includeDns ?? choice.today.includes(name),
  );
  const own = member.dnsName === null ? [] : [member.dnsName];
  return {
    commonName,
    dnsNames: [...new Set([commonName, ...own, ...additional])],
    ipAddresses: member.ipAddresses,
  };
}

/** Names in the certificate of today that the next one would not answer to. */
export function lostNames(today: readonly string[], next: ServerNames): readonly string[] {
  return today.filter((name) => !next.dnsNames.some((pattern) => dnsPatternCovers(pattern, name)));
}
