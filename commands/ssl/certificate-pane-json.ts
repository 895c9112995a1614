import {
  daysLeft,
  renderInstant,
  type Instant,
  type ServerCertificate,
  type ServerCertificatePane,
} from '../../src/index.js';
import { certificateJson, maybeCertificateJson, problemJson } from '../certificate-json.js';
import type { JsonDocument } from '../cli/command.js';

/** A server with its certificates. */
export function serverCertificateJson(row: ServerCertificate, now: Instant): JsonDocument {
  const { member, current, home } = row;
  return {
    name: member.name,
    path: member.path,
    dnsName: member.dnsName,
    version: member.version,
    status: row.status,
    revoked: row.revoked,
    daysLeft: current === null ? null : daysLeft(current.notAfter, now),
    current: maybeCertificateJson(current),
    future: maybeCertificateJson(row.future),
    options: {
      futureCertificate: row.future !== null,
      csr: row.request?.state === 'csr-generated',
    },
    ...operationFields(row),
    liveFolder: home === null ? null : `${home}/security/live`,
  };
}

function operationFields({ part, operation, live, waiting }: ServerCertificate): JsonDocument {
  return {
    updateStatus: part?.update ?? null,
    operation: operation?.id ?? null,
    problem: problemJson(part?.problem ?? null),
    liveSet: numberOf(live),
    waitingSet: numberOf(waiting),
  };
}

function numberOf(set: ServerCertificate['live']): number | null {
  return set === null ? null : set.number;
}

/** The same with one certificate in full. */
export function certificatePaneJson(pane: ServerCertificatePane, now: Instant): JsonDocument {
  const { server, which, certificate, digests, revocation } = pane;
  return {
    ...serverCertificateJson(server, now),
    which,
    certificate: certificateJson(certificate),
    revocation:
      revocation === null
        ? null
        : { reason: revocation.reason, revokedAt: renderInstant(revocation.revokedAt) },
    digests,
  };
}
