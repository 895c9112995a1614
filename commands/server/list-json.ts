import type { DeviceRow, Instant, ServerPage, ServerRow } from '../../src/index.js';
import { problemJson } from '../certificate-json.js';
import type { JsonDocument } from '../cli/command.js';
import { serverCertificateJson } from '../ssl/certificate-pane-json.js';
import { memberJson } from './member-json.js';

/** A server with its certificates. */
export function serverJson(row: ServerRow, now: Instant): JsonDocument {
  return {
    ...memberJson(row.member),
    holdsCa: row.holdsCa,
    folder: row.home,
    certificate: serverCertificateJson(row, now),
  };
}

/** The same with what its live set has beside PEM. */
export function serverPageJson(page: ServerPage, now: Instant): JsonDocument {
  return { ...serverJson(page, now), keystore: page.keystore };
}

/** A device with its part in the operation that runs. */
export function deviceJson({ member, home, part }: DeviceRow): JsonDocument {
  return {
    ...memberJson(member),
    folder: home,
    updateStatus: part?.update ?? null,
    operation: part?.operationId ?? null,
    waived: part?.waived ?? false,
    problem: problemJson(part?.problem ?? null),
  };
}
