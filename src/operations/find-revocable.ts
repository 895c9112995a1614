import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { readCertificates } from '../x509/read-certificates.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { findServer } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import { findMembers } from './find-members.js';

/** How a person names a certificate. */
export interface NamedCertificate {
  readonly word: string;
  /** The bytes of the file of that name; null: there is none. */
  readonly file: Uint8Array | null;
}

/** Fewer digits of a fingerprint are not taken: they would soon mean another certificate. */
const LEAST_DIGITS = 8;
const MOST_SHOWN = 10;

/**
 * The certificate of the repository that a word means: a server's name (the one in use), digits of a
 * fingerprint, a serial number, a file (its first certificate). Throws `not-found`, also for a
 * certificate that this zone does not know, `usage` when several are meant, `unreadable`.
 */
export async function findNamedCertificate(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  named: NamedCertificate,
): Promise<CertificateRecord> {
  const { word, file } = named;
  const servers = await serversNamed(ctx, word);
  const found = [...(await inUse(ctx, servers)), ...(await byDigits(ctx, word))];
  const distinct = [...new Map(found.map((record) => [record.fingerprint, record])).values()];
  const [only, other] = distinct;
  if (only !== undefined && other === undefined) return only;
  if (other !== undefined) throw ambiguous(word, distinct);
  if (file !== null) return byFile(ctx, word, file);
  const [server] = servers;
  if (server !== undefined)
    throw new ZmintError('not-found', `${server.name} has no certificate in use`, {
      hint: `zmint ssl show ${server.name}`,
    });
  throw new ZmintError('not-found', `"${word}" is no server, certificate or file`, {
    hint: 'zmint ssl list, or zmint ca list --issued',
  });
}

function inUse(
  { store }: Pick<ReadContext, 'store'>,
  servers: readonly Member[],
): Promise<readonly CertificateRecord[]> {
  return store.certificatesOf(
    servers.map(({ id }) => id),
    ['current'],
  );
}

async function serversNamed(
  ctx: Pick<ReadContext, 'store'>,
  word: string,
): Promise<readonly Member[]> {
  try {
    return await findMembers(ctx, [word], findServer);
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'unknown-member') return [];
    throw error;
  }
}

async function byDigits(
  ctx: Pick<ReadContext, 'store'>,
  word: string,
): Promise<readonly CertificateRecord[]> {
  const digits = word.replace(/[:\s]/gu, '').toLowerCase();
  if (!/^[\da-f]+$/u.test(digits) || digits.length < LEAST_DIGITS) return [];
  const like = await ctx.store.certificatesLike(digits, MOST_SHOWN);
  if (digits.length % 2 !== 0) return like;
  const numbered = await ctx.store.certificatesNumbered(digits.replace(/^(?:00)+/u, ''));
  return [...like, ...numbered];
}

async function byFile(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  name: string,
  bytes: Uint8Array,
): Promise<CertificateRecord> {
  const [first] = readCertificates(bytes, name);
  const fingerprint = first === undefined ? '' : ctx.digest.sha256(first.der);
  const record = await ctx.store.certificate(fingerprint);
  if (record !== undefined) return record;
  const subject = first?.subject.text ?? '';
  throw new ZmintError(
    'not-found',
    `the certificate in ${name}, ${subject}, is not one of this zone`,
    {
      hint: 'zmint ssl list, or zmint ca list --issued',
      details: { fingerprint },
    },
  );
}

function ambiguous(word: string, records: readonly CertificateRecord[]): ZmintError {
  const shown = records.map(
    ({ fingerprint, subject }) => `${fingerprint.slice(0, 16)} (${subject})`,
  );
  return new ZmintError('usage', `"${word}" means more than one certificate: ${shown.join(', ')}`, {
    hint: 'type more of the fingerprint',
    details: { fingerprints: records.map(({ fingerprint }) => fingerprint) },
  });
}
