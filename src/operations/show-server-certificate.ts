import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import { findServer } from '../zone/member-path.js';
import type { Revocation } from '../zone/revocation.js';
import { certificateDigests, type CertificateDigests } from './certificate-digests.js';
import { findMembers } from './find-members.js';
import { revokedInUse } from './revoked-in-use.js';
import { serverCertificates, type ServerCertificate } from './list-certificates.js';

/** A server's pane with one of its certificates in full. */
export interface ServerCertificatePane {
  readonly server: ServerCertificate;
  readonly which: 'current' | 'future';
  readonly certificate: CertificateRecord;
  readonly digests: CertificateDigests;
  /** Null: the CA has not taken it back. */
  readonly revocation: Revocation | null;
}

/**
 * Shows the certificate in use, or the one that waits. Throws `unknown-member`,
 * `ambiguous-member`, and `not-found` when the server has no such certificate.
 */
export async function showServerCertificate(
  ctx: ReadContext,
  word: string,
  which: 'current' | 'future',
  now: Instant,
): Promise<ServerCertificatePane> {
  const members = await findMembers(ctx, [word], findServer);
  const revoked = await revokedInUse(ctx);
  const [server] = await serverCertificates(ctx, members, { now, depth: 'all', revoked });
  const certificate = server?.[which] ?? null;
  if (server === undefined || certificate === null) throw noCertificate(word, server, which);
  const digests = await certificateDigests(ctx, certificate);
  const revocation = (await ctx.store.revocation(certificate.fingerprint)) ?? null;
  return { server, which, certificate, digests, revocation };
}

function noCertificate(
  word: string,
  server: ServerCertificate | undefined,
  which: 'current' | 'future',
): ZmintError {
  const name = server?.member.name ?? word;
  const what = which === 'future' ? 'certificate that waits' : 'certificate';
  const problem = server?.part?.problem ?? null;
  const reason = problem === null ? '' : `: ${problem.message}`;
  return new ZmintError('not-found', `${name} has no ${what}${reason}`, {
    hint: problem === null ? `zmint ssl remint ${name}` : 'zmint ssl resume',
  });
}
