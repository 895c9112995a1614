import { renderInstant, type AuthorityRequest } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** A request for the certificate of a subordinate CA; the request itself is no secret. */
export function authorityRequestJson(request: AuthorityRequest): JsonDocument {
  const { generation, state, subject, keySpec, csr, createdAt } = request;
  return {
    generation,
    kind: 'internal',
    state,
    subject,
    keySpec,
    csr,
    createdAt: renderInstant(createdAt),
  };
}
