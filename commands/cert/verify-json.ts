import { renderInstant, type VerifyReport } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** A verification as JSON: `path` and `problems` name certificates by subject and SHA-256. */
export function verificationJson(report: VerifyReport): JsonDocument {
  const { valid, verdict, at, leaf, path, problems, policies, notes } = report;
  return {
    valid,
    verdict,
    at: renderInstant(at),
    certificate: leaf,
    path,
    problems: problems.map(({ code, certificate, rfc, message }) => ({
      code,
      certificate,
      rfc,
      message,
    })),
    policies,
    passedOver: notes,
  };
}
