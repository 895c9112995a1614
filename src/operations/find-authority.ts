import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { lintAuthority } from '../x509/lint-authority.js';
import { isSubordinate } from '../zone/authority.js';
import { awaitedAuthority, type AuthorityRequest } from '../zone/authority-request.js';
import { activeAuthority, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { Find } from './read-import.js';

/** The certificate that a request waited for. */
export interface FoundAuthority {
  readonly request: AuthorityRequest;
  readonly certificate: Certificate;
  /** The other certificates of CAs in the files. */
  readonly others: readonly Certificate[];
}

/**
 * The certificate for the waiting request of the zone's CA, by its key. Undefined: the files are not
 * about the CA. Throws `key-mismatch` when they are and none is for that key, `not-found` when no CA
 * waits for one, `policy` for a certificate that no CA could use.
 */
export function findAuthority(
  ctx: Pick<ReadContext, 'digest'>,
  snapshot: ZoneSnapshot,
  finds: readonly Find[],
): FoundAuthority | undefined {
  const certificates = finds.flatMap(({ item }) =>
    item?.kind === 'certificate' ? [item.certificate] : [],
  );
  const request = awaitedAuthority(snapshot.authorityRequests);
  if (request === undefined) {
    refuseUnasked(ctx, snapshot, certificates);
    return undefined;
  }
  const certificate = certificates.find(
    ({ spki }) => ctx.digest.sha256(spki) === request.spkiSha256,
  );
  if (certificate === undefined) {
    refuseForeign(snapshot, request, certificates);
    return undefined;
  }
  refuseUnfit(certificate);
  const others = certificates.filter((one) => one.isCa && one !== certificate);
  return { request, certificate, others };
}

function aboutCa(certificates: readonly Certificate[]): boolean {
  return certificates.length > 0 && certificates.every(({ isCa }) => isCa);
}

/** Under an external CA such files bring new intermediates. */
function refuseUnasked(
  ctx: Pick<ReadContext, 'digest'>,
  snapshot: ZoneSnapshot,
  certificates: readonly Certificate[],
): void {
  const active = activeAuthority(snapshot);
  if (active?.kind !== 'internal' || !aboutCa(certificates)) return;
  const prints = certificates.map(({ der }) => ctx.digest.sha256(der));
  if (isSubordinate(active) && prints.includes(active.certificate)) {
    throw new ZmintError('not-found', `${active.commonName} has this certificate already`, {
      hint: 'zmint status',
    });
  }
  throw new ZmintError('not-found', 'no CA of this zone waits for a certificate', {
    hint: 'zmint ca change --to internal --subordinate requests one',
  });
}

function refuseForeign(
  snapshot: ZoneSnapshot,
  { subject, generation }: AuthorityRequest,
  certificates: readonly Certificate[],
): void {
  const first = activeAuthority(snapshot) === undefined;
  if (certificates.length === 0 || (!first && !aboutCa(certificates))) return;
  throw new ZmintError(
    'key-mismatch',
    `none of the certificates is for the key of ${subject}, which waits for one`,
    {
      hint: 'have the waiting request signed: zmint generate-csr --ca hands it out again',
      details: { generation, subject },
    },
  );
}

function refuseUnfit(certificate: Certificate): void {
  const [problem] = lintAuthority(certificate);
  if (problem === undefined) return;
  throw new ZmintError('policy', `${certificate.subject.text} ${problem}`, {
    hint: 'ask the CA above for a certificate of a CA: CA true, keyCertSign, cRLSign',
  });
}
