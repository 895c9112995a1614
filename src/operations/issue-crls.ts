import { decodeBase64, encodeBase64 } from '../encoding/base64.js';
import { fromHex } from '../encoding/hex.js';
import { ZmintError, type ErrorCode } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import {
  assembleCertificateList,
  encodeTbsCertificateList,
} from '../x509/certificate-list-content.js';
import { MOST_CRL_BYTES, parseCertificateList } from '../x509/certificate-list.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { nextCrlNumber, type CrlIssuer } from '../zone/crl-issuer.js';
import type { Authority, AuthorityState } from '../zone/authority.js';
import type { CrlDraft } from '../zone/decide-crls.js';
import type { Instant } from '../zone/instant.js';
import type { Revocation } from '../zone/revocation.js';
import { REASON_CODES } from '../zone/revocation-reason.js';
import { signingIdentity } from './issue-certificate.js';
import { cannotSign, maySignCrls } from './may-sign-crls.js';
import { recordEvent } from './record-event.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** CRLs that are to be made, and with what. */
export interface CrlMaking {
  readonly drafts: readonly CrlDraft[];
  readonly keys: AuthorityKeys;
  readonly now: Instant;
}

/** What came of it. */
export interface MadeCrls {
  readonly issuers: readonly CrlIssuer[];
  /** Generations that are not in use any more and whose key is not here, not opened by this passphrase, or not for CRLs. */
  readonly keyless: readonly number[];
}

/**
 * Signs a CRL for each draft and records it; nothing of it is published yet. A generation that is
 * out of use and whose key is gone, or retired and locked with another passphrase, is left out as long as one is left to sign. Throws what opening a key throws, before anything is
 * written.
 *
 * Order of writes: numbers, all in one transaction; signatures; CRLs with the entries that they
 * name for the first time, in one transaction.
 */
export async function issueCrls(ctx: OperationContext, making: CrlMaking): Promise<MadeCrls> {
  const { now } = making;
  const { ready, keyless } = await openKeys(ctx, making);
  if (ready.length === 0) return { issuers: [], keyless };
  const numbered = await reserveNumbers(ctx, ready, now);
  const made: Signed[] = [];
  for (const one of numbered) made.push(await signOne(ctx, one, now));
  const issuers = made.map(({ issuer }) => issuer);
  const details = {
    crls: issuers.map(({ generation, crl }) => ({ generation, number: crl?.number ?? 0 })),
  };
  await recordEvent(ctx, { what: 'crls-signed', at: now, details }, [
    { type: 'put-crl-issuers', issuers },
    { type: 'put-revocations', revocations: made.flatMap(({ fresh }) => fresh) },
  ]);
  return { issuers, keyless };
}

/** The DER of a recorded CRL. Throws `bug` when there is none. */
export function crlDer({ crl, generation }: CrlIssuer): Uint8Array {
  if (crl !== null) return decodeBase64(crl.der);
  throw new ZmintError('bug', `generation ${generation} has no CRL`);
}

interface Ready {
  readonly draft: CrlDraft;
  readonly signer: Signer;
  readonly certificate: Certificate;
  readonly known: CrlIssuer | undefined;
}

type NumberedCrl = Ready & { readonly issuer: CrlIssuer };

async function openKeys(
  ctx: OperationContext,
  { drafts, keys }: CrlMaking,
): Promise<{ readonly ready: readonly Ready[]; readonly keyless: readonly number[] }> {
  const issuers = await ctx.store.crlIssuers();
  const ready: Ready[] = [];
  const keyless: number[] = [];
  let refused: ZmintError | undefined;
  for (const draft of drafts) {
    const { spkiSha256 } = draft.authority;
    const opened = await openOne(ctx, draft.authority, keys);
    const known = issuers.find((one) => one.issuerSpkiSha256 === spkiSha256);
    if (!(opened instanceof ZmintError)) ready.push({ draft, ...opened, known });
    else keyless.push(draft.generation);
    if (opened instanceof ZmintError && LOCKED.has(opened.code)) refused ??= opened;
  }
  if (ready.length === 0 && refused !== undefined) throw refused;
  return { ready, keyless };
}

/** The error where a generation can be left out. */
async function openOne(
  ctx: OperationContext,
  authority: Authority,
  keys: AuthorityKeys,
): Promise<Pick<Ready, 'signer' | 'certificate'> | ZmintError> {
  const [der = new Uint8Array()] = await ctx.store.der([authority.certificate]);
  const certificate = parseCertificate(der);
  try {
    if (!maySignCrls(certificate)) throw cannotSign(certificate);
    return { signer: await keys.signer(authority), certificate };
  } catch (error) {
    if (!(error instanceof ZmintError) || !isDispensable(error, authority.state)) throw error;
    return error;
  }
}

/** A key file that is lost, a token that is not there, a CA that may not sign CRLs. */
const GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not-found',
  'token-unavailable',
  'policy',
]);
const LOCKED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'wrong-passphrase',
  'question-unanswered',
]);

/** The CA in use must sign. One that has retired may be locked as the CA was at its time. */
function isDispensable({ code }: ZmintError, state: AuthorityState): boolean {
  if (state === 'active') return false;
  return GONE.has(code) || (state === 'retired' && LOCKED.has(code));
}

/** A number is taken before it is signed, so that no two CRLs ever have the same. */
async function reserveNumbers(
  ctx: OperationContext,
  ready: readonly Ready[],
  now: Instant,
): Promise<readonly NumberedCrl[]> {
  const numbered = ready.map((one): NumberedCrl => {
    const { draft, known } = one;
    const issuer: CrlIssuer = {
      issuerSpkiSha256: draft.authority.spkiSha256,
      generation: draft.generation,
      floor: nextCrlNumber(known?.floor ?? 0, now),
      crl: known?.crl ?? null,
      published: known?.published ?? true,
    };
    return { ...one, issuer };
  });
  const details = {
    numbers: numbered.map(({ issuer }) => ({
      generation: issuer.generation,
      number: issuer.floor,
    })),
  };
  await recordEvent(ctx, { what: 'crl-numbers-reserved', at: now, details }, [
    { type: 'put-crl-issuers', issuers: numbered.map(({ issuer }) => issuer) },
  ]);
  return numbered;
}

interface Signed {
  readonly issuer: CrlIssuer;
  /** Revocations that are in a CRL for the first time. */
  readonly fresh: readonly Revocation[];
}

async function signOne(
  ctx: OperationContext,
  { draft, signer, certificate, issuer }: NumberedCrl,
  now: Instant,
): Promise<Signed> {
  // RFC 5280 §3.3: an entry stays until it was in a CRL that was made after the end of its certificate.
  const since = issuer.crl?.thisUpdate ?? 0;
  const revocations = await ctx.store.revocationsOf(issuer.issuerSpkiSha256, since);
  const { keyId } = signingIdentity(ctx, { name: certificate.subject, signer, certificate });
  const tbs = encodeTbsCertificateList(
    {
      issuer: certificate.subject,
      authorityKeyId: certificate.subjectKeyId === null ? keyId : fromHex(certificate.subjectKeyId),
      number: issuer.floor,
      thisUpdate: now,
      nextUpdate: draft.nextUpdate,
      revoked: revocations.map(({ serial, revokedAt, reason, invalidityDate }) => ({
        serial,
        revokedAt,
        reason: REASON_CODES[reason],
        invalidityDate,
      })),
    },
    signer.algorithm,
  );
  const der = assembleCertificateList(tbs, signer.algorithm, await signer.sign(tbs));
  proveCrl(ctx, der, certificate, revocations.length);
  const crl = {
    number: issuer.floor,
    thisUpdate: now,
    nextUpdate: draft.nextUpdate,
    entries: revocations.length,
    der: encodeBase64(der),
  };
  return {
    issuer: { ...issuer, crl, published: false },
    fresh: revocations
      .filter(({ listedIn }) => listedIn === null)
      .map((one) => ({ ...one, listedIn: issuer.floor })),
  };
}

/** Throws `bug` for a CRL of ours that does not say what it should, `policy` for one that is too long. */
function proveCrl(
  ctx: OperationContext,
  der: Uint8Array,
  issuer: Certificate,
  entries: number,
): void {
  if (der.length > MOST_CRL_BYTES) throw tooLong(issuer, entries);
  const { tbs, signatureAlgorithm, signature, revoked, authorityKeyId } = parseCertificateList(der);
  const signed = ctx.keys.verify(issuer.spki, signatureAlgorithm, tbs, signature);
  if (signed && revoked.length === entries && authorityKeyId === issuer.subjectKeyId) return;
  throw new ZmintError('bug', `the CRL of ${issuer.subject.text} is not what it was to be`);
}

/** Who reads it would be hurt; its successor begins with an empty list. */
function tooLong({ subject }: Certificate, entries: number): ZmintError {
  return new ZmintError(
    'policy',
    `the CRL of ${subject.text} would name ${entries} certificates: more than ${MOST_CRL_BYTES} bytes hold`,
    { hint: 'the next CA begins a list of its own: zmint ssl remint --ca' },
  );
}
