import { renderInstant, type Member } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** A member as commands print it that add, change or remove one. */
export function memberJson(member: Member): JsonDocument {
  return {
    name: member.name,
    path: member.path,
    kind: member.kind,
    roles: member.roles,
    dnsName: member.dnsName,
    additionalDnsNames: member.additionalDnsNames,
    ipAddresses: member.ipAddresses,
    home: member.home,
    reload: member.reload,
    probe: member.probe,
    version: member.version,
    addedAt: renderInstant(member.addedAt),
  };
}
