import {
  daysLeft,
  renderInstant,
  type AuthorityPane,
  type AuthorityRow,
  type Instant,
} from '../../src/index.js';
import { certificateJson } from '../certificate-json.js';
import type { JsonDocument } from '../cli/command.js';
import { authorityRequestJson } from './authority-request-json.js';

/** One generation of the CA. */
export function authorityJson(row: AuthorityRow, now: Instant): JsonDocument {
  const { authority, certificate, parents, status, server } = row;
  return {
    generation: authority.generation,
    kind: authority.kind,
    state: authority.state,
    commonName: authority.commonName,
    status,
    daysLeft: daysLeft(certificate.notAfter, now),
    server: server?.name ?? null,
    createdAt: renderInstant(authority.createdAt),
    certificate: certificateJson(certificate),
    parents: parents.map(certificateJson),
  };
}

/** The same with its digests and how its key is locked. */
export function authorityPaneJson(pane: AuthorityPane, now: Instant): JsonDocument {
  const { custody, keyUri } = pane;
  const { md5, sha1, sha256 } = pane.digests;
  const { awaited } = pane;
  return {
    ...authorityJson(pane, now),
    ...{ md5, sha1, sha256, custody, keyUri },
    awaited: awaited === null ? null : authorityRequestJson(awaited),
  };
}
