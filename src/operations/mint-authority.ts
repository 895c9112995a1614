import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Signer } from '../ports/keys.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { encodeDistinguishedName } from '../x509/distinguished-name.js';
import type { Extension } from '../x509/extension.js';
import type { Authority } from '../zone/authority.js';
import type { Instant } from '../zone/instant.js';
import type { Operation } from '../zone/operation.js';
import type { PlannedAuthority } from '../zone/remint-plan.js';
import { withinIssuer, type Validity } from '../zone/validity.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { makeAuthorityKey, type AuthorityKey } from './authority-key.js';
import { issueAll, type Issued, type Order } from './issue-all.js';
import type { IssueFacts } from './issue-certificate.js';
import { issuerExtensions } from './issuer-extensions.js';
import { recordEvent } from './record-event.js';
import type { CaKeyPlace } from '../ports/key-vault.js';
import { memberKeyPlace } from './ca-key-place.js';
import type { AuthorityKeys } from './unlock-authority.js';

export interface AuthorityMinting {
  readonly snapshot: ZoneSnapshot;
  readonly operation: Operation;
  readonly planned: PlannedAuthority;
  readonly keys: AuthorityKeys;
  readonly now: Instant;
}

/**
 * Makes the next generation of the CA: its key (durable and tried before anything is signed, I-4),
 * its root and, after an internal CA, the cross-certificates, recorded as `future`. Does nothing when
 * that has been done, as it is from the beginning for an external CA.
 *
 * Order of writes: key file or key in the token, serial numbers, certificates with the generation in
 * one transaction. A key without its generation's row is left from a crash and has vouched for
 * nothing: in a file it is made again, in a token it is used.
 *
 * The key of today is opened only when it signs something: one that is lost can be replaced.
 */
export async function mintAuthority(
  ctx: OperationContext,
  minting: AuthorityMinting,
): Promise<Authority> {
  const { snapshot, planned, now } = minting;
  const done = snapshot.authorities.find(
    (authority) => authority.generation === planned.generation,
  );
  if (done !== undefined) return done;
  const old = isFollowed(planned) ? await oldAuthority(ctx, minting) : undefined;
  const { signer, tokenKey } = await authorityKey(ctx, minting, old);
  const extensions = await issuerExtensions(ctx, snapshot.authorities, {
    generation: planned.generation,
    spkiSha256: ctx.digest.sha256(signer.spki),
  });
  const orders = await authorityOrders(minting, old, { signer, extensions });
  const issued = await issueAll(ctx, orders, now);
  const root = issued.find((one) => one.record.purpose === 'ca');
  if (root === undefined) throw new ZmintError('bug', 'the new root was not among what was signed');
  const authority: Authority = {
    generation: planned.generation,
    kind: 'internal',
    state: 'future',
    commonName: planned.commonName,
    certificate: root.record.fingerprint,
    spkiSha256: root.record.spkiSha256,
    keyMemberId: keyMemberOf(minting),
    createdAt: now,
  };
  await publish(ctx, minting, root.certificate);
  await recordMinted(ctx, minting, { authority, issued, tokenKey });
  minting.keys.adopt(authority.spkiSha256, signer);
  return authority;
}

async function recordMinted(
  ctx: OperationContext,
  minting: AuthorityMinting,
  made: Pick<AuthorityKey, 'tokenKey'> & {
    readonly authority: Authority;
    readonly issued: readonly Issued[];
  },
): Promise<void> {
  const { authority, issued, tokenKey } = made;
  const { generation, certificate: fingerprint } = authority;
  const { keepKey } = minting.planned;
  const place = tokenKey === null ? {} : { keyUri: tokenKey.uri };
  const details = { generation, fingerprint, keepKey, ...place };
  const what = 'authority-minted';
  await recordEvent(ctx, { what, at: minting.now, operationId: minting.operation.id, details }, [
    {
      type: 'add-certificates',
      certificates: issued.map(({ record, certificate }) => ({ record, der: certificate.der })),
    },
    { type: 'put-authority', authority },
    ...(tokenKey === null ? [] : [{ type: 'put-token-key' as const, key: tokenKey }]),
  ]);
}

/** The key of today where that is kept: it stays where it is. */
async function authorityKey(
  ctx: OperationContext,
  minting: AuthorityMinting,
  old: OldAuthority | undefined,
): Promise<AuthorityKey> {
  if (minting.planned.keepKey && old !== undefined)
    return { signer: await minting.keys.signer(old.authority), tokenKey: null };
  return makeAuthorityKey(ctx, minting, () => newKeyPlace(ctx, minting));
}

/** Whether anything of the CA of today goes into what is made. */
function isFollowed({ origin, keepKey, newWithOld, oldWithNew }: PlannedAuthority): boolean {
  return origin === undefined && (keepKey || newWithOld || oldWithNew);
}

interface OldAuthority {
  readonly authority: Authority;
  readonly certificate: Certificate;
  /** What the settings put into what it signs. */
  readonly extensions: readonly Extension[];
}

/** The key of the next generation, and what its certificates but its root say. */
interface NewSigner {
  readonly signer: Signer;
  readonly extensions: readonly Extension[];
}

async function oldAuthority(
  ctx: OperationContext,
  minting: AuthorityMinting,
): Promise<OldAuthority> {
  const authority = previousAuthority(minting);
  const [der] = await ctx.store.der([authority.certificate]);
  if (der === undefined)
    throw new ZmintError('damaged', 'the CA certificate is missing', { hint: 'zmint doctor' });
  return {
    authority,
    certificate: parseCertificate(der),
    extensions: await issuerExtensions(ctx, minting.snapshot.authorities, authority),
  };
}

async function authorityOrders(
  minting: AuthorityMinting,
  old: OldAuthority | undefined,
  { signer, extensions }: NewSigner,
): Promise<readonly Order[]> {
  const { planned } = minting;
  const kept = planned.keepKey ? old?.certificate.subject : undefined;
  const name = kept ?? encodeDistinguishedName([{ type: 'CN', value: planned.subjectCommonName }]);
  const { generation } = planned;
  const root: Order = {
    issuer: { signer, name, certificate: null },
    subject: subjectOf(name, signer.spki, planned.validity),
    facts: factsOf(minting, { purpose: 'ca', issuer: generation, subject: generation }),
    state: 'future',
  };
  const next = { name, signer, extensions };
  return old === undefined ? [root] : [root, ...(await crossOrders(minting, old, next))];
}

async function crossOrders(
  minting: AuthorityMinting,
  old: OldAuthority,
  next: NewSigner & { readonly name: Certificate['subject'] },
): Promise<readonly Order[]> {
  const { generation, previousGeneration, newWithOld, oldWithNew } = minting.planned;
  const { subject: oldName, spki: oldKey } = old.certificate;
  const orders: Order[] = [];
  if (newWithOld) {
    orders.push({
      issuer: {
        signer: await minting.keys.signer(old.authority),
        name: oldName,
        certificate: old.certificate,
        extensions: old.extensions,
      },
      subject: subjectOf(next.name, next.signer.spki, crossValidity(minting, old)),
      facts: factsOf(minting, {
        purpose: 'cross',
        issuer: previousGeneration,
        subject: generation,
      }),
      state: 'future',
    });
  }
  if (oldWithNew) {
    orders.push({
      issuer: { ...next, certificate: 'root' },
      subject: subjectOf(oldName, oldKey, crossValidity(minting, old)),
      facts: factsOf(minting, {
        purpose: 'cross',
        issuer: generation,
        subject: previousGeneration,
      }),
      state: 'future',
    });
  }
  return orders;
}

/** Both cross-certificates live exactly as long as both roots do: neither outlives its signer (rotation.md). */
function crossValidity(minting: AuthorityMinting, old: OldAuthority): Validity {
  return withinIssuer(minting.planned.validity, old.certificate, 'a cross-certificate');
}

function subjectOf(
  name: Certificate['subject'],
  spki: Uint8Array,
  validity: Validity,
): Order['subject'] {
  return { name, spki, validity, ca: true, dnsNames: [], ipAddresses: [], extendedKeyUsage: [] };
}

function factsOf(
  minting: AuthorityMinting,
  certified: {
    readonly purpose: 'ca' | 'cross';
    readonly issuer: number;
    readonly subject: number;
  },
): IssueFacts {
  const { planned, operation, now } = minting;
  return {
    purpose: certified.purpose,
    memberId: null,
    operationId: operation.id,
    issuerGeneration: certified.issuer,
    subjectGeneration: certified.subject,
    keyFrom: planned.keepKey && certified.purpose === 'ca' ? planned.replaces : null,
    at: now,
  };
}

async function publish(
  ctx: OperationContext,
  minting: AuthorityMinting,
  root: Certificate,
): Promise<void> {
  const place = await newKeyPlace(ctx, minting);
  const pem = encodePemOctets('CERTIFICATE', root.der);
  await ctx.vault.publishCertificate(place, pem);
}

function newKeyPlace(ctx: OperationContext, minting: AuthorityMinting): Promise<CaKeyPlace> {
  const { generation } = minting.planned;
  const keyMemberId = keyMemberOf(minting);
  return memberKeyPlace(ctx, { keyMemberId, generation });
}

/** The member that holds the CA role, or is to hold it. */
function keyMemberOf(minting: AuthorityMinting): string | null {
  const { origin } = minting.planned;
  return origin?.kind === 'internal' ? origin.keyMemberId : previousAuthority(minting).keyMemberId;
}

function previousAuthority(minting: AuthorityMinting): Authority {
  const { snapshot, planned } = minting;
  const found = snapshot.authorities.find((one) => one.generation === planned.previousGeneration);
  if (found !== undefined) return found;
  throw new ZmintError('damaged', `CA generation ${planned.previousGeneration} is missing`, {
    hint: 'zmint doctor',
  });
}
