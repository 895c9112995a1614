import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { IssuedContent, WaitingIssue } from './issue-plan.js';
import { trialIssue } from './trial-issue.js';

/** What a run that died may have issued already. */
export interface IssuedWish {
  readonly content: IssuedContent;
  readonly waiting: WaitingIssue;
  readonly issuer: Certificate;
  readonly generation: number;
  readonly now: Instant;
}

/** What tells one profile from another. */
const SAID: readonly string[] = [
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.nameConstraints,
];

/**
 * The certificate that a run which died has issued for the key or claim that it left; undefined: it
 * did not come so far. Throws `policy` when that certificate is not what is asked for now, is revoked, has
 * ended, or is by an earlier CA.
 */
export async function findIssued(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  wish: IssuedWish,
): Promise<CertificateRecord | undefined> {
  const { spki, left } = wish.waiting;
  const issued = [
    ...(await ctx.store.certificates({ purpose: 'client' })),
    ...(await ctx.store.certificates({ purpose: 'subordinate' })),
  ];
  const record = issued.findLast((one) => isLeft(one, left));
  if (record === undefined) return undefined;
  const [der = new Uint8Array()] = await ctx.store.der([record.fingerprint]);
  const { state, issuerGeneration, notAfter } = record;
  const usable =
    state === 'current' && issuerGeneration === wish.generation && notAfter >= wish.now;
  const trial = trialIssue(ctx, wish.content, { issuer: wish.issuer, spki });
  const fits = saysTheSame(parseCertificate(der), trial);
  if (usable && fits) return record;
  throw otherIssue(record);
}

function isLeft(record: CertificateRecord, left: WaitingIssue['left']): boolean {
  if ('fingerprint' in left) return record.fingerprint === left.fingerprint;
  const { spkiSha256, at } = left;
  return record.spkiSha256 === spkiSha256 && (at === null || record.recordedAt === at);
}

function saysTheSame(one: Certificate, other: Certificate): boolean {
  if (!equalBytes(one.spki, other.spki)) return false;
  if (!equalBytes(one.subject.der, other.subject.der)) return false;
  return SAID.every((oid) => {
    const [first, second] = [extensionOf(one, oid), extensionOf(other, oid)];
    return first === undefined || second === undefined
      ? first === second
      : equalBytes(first, second);
  });
}

function extensionOf({ extensions }: Certificate, oid: string): Uint8Array | undefined {
  return extensions.find((extension) => extension.oid === oid)?.value;
}

function otherIssue({ subject, fingerprint }: CertificateRecord): ZmintError {
  return new ZmintError(
    'policy',
    `what an earlier run left there is that of ${subject}, which was issued and not handed out`,
    {
      hint: `type the command for it again; or give it up: zmint ca revoke ${fingerprint.slice(0, 16)} --reason superseded, then remove the file`,
      details: { fingerprint },
    },
  );
}
