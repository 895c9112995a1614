import type { Instant } from './instant.js';

export const MEMBER_KINDS = ['primary', 'satellite', 'workstation', 'mobile'] as const;
/** `primary` and `satellite` are servers and have a certificate; the others only trust. */
export type MemberKind = (typeof MEMBER_KINDS)[number];

export const SATELLITE_ROLES = [
  'authentication',
  'content',
  'collection',
  'imaging',
  'join-proxy',
] as const;
export type SatelliteRole = (typeof SATELLITE_ROLES)[number];

/** A server or device of the zone. */
export interface Member {
  /** A UUID, never reused. */
  readonly id: string;
  /** One or more RFC 1123 labels, lower case; unique in the zone, safe in a path. */
  readonly name: string;
  /** `/Devices/Servers/<folders>/<name>` or `/Devices/Workstations/<folders>/<name>`. */
  readonly path: string;
  readonly kind: MemberKind;
  readonly roles: readonly SatelliteRole[];
  /** The fully qualified name that clients use; null only for devices. */
  readonly dnsName: string | null;
  readonly additionalDnsNames: readonly string[];
  /** In canonical text form (RFC 5952 for IPv6). */
  readonly ipAddresses: readonly string[];
  /** An absolute folder; null: the default for servers, none for devices. */
  readonly home: string | null;
  /** The shell command that makes the server read its files again. */
  readonly reload: string | null;
  /** `host:port` where a TLS handshake shows what the server serves. */
  readonly probe: string | null;
  /** The version of the software on it, as it was last reported. */
  readonly version: string | null;
  readonly addedAt: Instant;
}

export function isServer(member: Member): boolean {
  return member.kind === 'primary' || member.kind === 'satellite';
}
