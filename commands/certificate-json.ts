import { renderInstant, type CertificateRecord, type MemberProblem } from '../src/index.js';
import type { JsonDocument } from './cli/command.js';

/** A certificate of the repository. */
export function certificateJson(record: CertificateRecord): JsonDocument {
  return {
    sha256: record.fingerprint,
    purpose: record.purpose,
    state: record.state,
    subject: record.subject,
    issuer: record.issuer,
    serial: record.serial,
    notBefore: renderInstant(record.notBefore),
    notAfter: renderInstant(record.notAfter),
    dnsNames: record.dnsNames,
    ipAddresses: record.ipAddresses,
    key: record.key,
    spkiSha256: record.spkiSha256,
    issuerGeneration: record.issuerGeneration,
    recordedAt: renderInstant(record.recordedAt),
  };
}

/** The same, or null. */
export function maybeCertificateJson(record: CertificateRecord | null): JsonDocument | null {
  return record === null ? null : certificateJson(record);
}

/** What went wrong with a member, or null. */
export function problemJson(problem: MemberProblem | null): JsonDocument | null {
  return problem === null ? null : { ...problem, at: renderInstant(problem.at) };
}
