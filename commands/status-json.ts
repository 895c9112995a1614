import {
  custodyOfKey,
  daysLeft,
  renderInstant,
  type LinkDifference,
  type OperationStatus,
  type ZoneStatus,
} from '../src/index.js';
import type { JsonDocument } from './cli/command.js';
import { certificateJson, problemJson } from './certificate-json.js';
import { crlStandingJson } from './ca/crl-standing-view.js';
import { operationJson } from './ssl/operation-json.js';

/** The zone at a glance. */
export function statusJson(status: ZoneStatus): JsonDocument {
  const { zone, authority, servers, lastOperation, links } = status;
  const custody = custodyOfKey(zone, authority?.keyUri ?? null);
  return {
    zone: { id: zone.id, name: zone.name, home: status.zoneHome, custody },
    at: renderInstant(status.now),
    ca:
      authority === null
        ? null
        : {
            generation: authority.authority.generation,
            kind: authority.authority.kind,
            server: authority.server?.name ?? null,
            keyUri: authority.keyUri,
            daysLeft: daysLeft(authority.certificate.notAfter, status.now),
            certificate: certificateJson(authority.certificate),
          },
    awaited:
      status.awaited === null
        ? null
        : {
            generation: status.awaited.generation,
            subject: status.awaited.subject,
            since: renderInstant(status.awaited.createdAt),
          },
    otherGenerations: status.others.map(({ generation, state }) => ({ generation, state })),
    servers: {
      ...servers,
      soonest:
        servers.soonest === null
          ? null
          : { name: servers.soonest.name, notAfter: renderInstant(servers.soonest.ends) },
    },
    crls: crlStandingJson(status.crls),
    devices: status.devices,
    operations: status.operations.map(operationStatusJson),
    links: {
      looked: links.looked,
      reachable: links.reachable,
      differences: links.differences.map(differenceJson),
    },
    backup: status.backup === null ? null : backupJson(status.backup),
    lastOperation: lastOperation === null ? null : operationJson(lastOperation),
    next: status.next,
  };
}

function backupJson({ standing, last }: NonNullable<ZoneStatus['backup']>): JsonDocument {
  const madeAt = last === null ? null : renderInstant(last.madeAt);
  return { standing, path: last?.path ?? null, madeAt };
}

function operationStatusJson(status: OperationStatus): JsonDocument {
  return {
    operation: operationJson(status.operation),
    standing: status.standing,
    gate: status.gate,
    servers: status.servers,
    switched: status.switched,
    problems: status.problems.map(({ member, problem }) => ({
      member,
      ...problemJson(problem),
    })),
  };
}

function differenceJson({ member, recorded, observed, error }: LinkDifference): JsonDocument {
  const reason = error === null ? null : { code: error.code, message: error.message };
  return { member, recorded, observed, error: reason };
}
