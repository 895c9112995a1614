import { ZmintError, type ErrorCode } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { findServer } from '../zone/member-path.js';
import { memberById } from '../zone/zone-snapshot.js';
import { findImportTarget, type ImportTarget, type ImportZone } from './import-target.js';
import { mayComeBack } from './may-come-back.js';

/** Why a certificate that has nothing to do with the zone is passed over. */
export const STRAY = 'it is for no server of the zone, and no key fits it';

/** What an import means to do with a server's certificate before its chain has been judged. */
export type LeafVerdict =
  | { readonly kind: 'wanted'; readonly target: ImportTarget }
  /** `settled`: the zone has it, and there is nothing to do. */
  | { readonly kind: 'passed-over'; readonly settled: boolean; readonly reason: string }
  | Refusal;

/** Why a certificate is not taken, and what to do about it. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint: string;
}

/** How the certificates of one file are to be taken. */
export interface LeafManner {
  readonly server: string | null;
  readonly put: boolean;
  readonly force: boolean;
}

/** Decides for one certificate. Throws only what is no ZmintError, and bugs. */
export async function judgeLeaf(
  ctx: ReadContext,
  zone: ImportZone,
  leaf: Certificate,
  manner: LeafManner,
): Promise<LeafVerdict> {
  const known = await ctx.store.certificate(ctx.digest.sha256(leaf.der));
  const settled =
    known === undefined
      ? undefined
      : await refusing(() => {
          if (manner.put) refuseOtherOwner(zone, known, manner.server);
          return knownVerdict(ctx, zone, known, manner);
        });
  if (settled !== undefined) return settled;
  return refusing(async () => {
    const target = await findImportTarget(ctx, zone, { leaf, ...manner });
    if (target === undefined) {
      return { kind: 'passed-over', settled: false, reason: STRAY };
    }
    if (manner.put && !manner.force) refuseUnforced(zone, target);
    return { kind: 'wanted', target };
  });
}

/** What work that may refuse comes to. */
export async function refusing<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const { code, message, hint } = error;
    return { kind: 'refused', code, reason: message, hint: hint ?? '' };
  }
}

/** A certificate that came from a person and was given up may be taken once more; with `put` also one that was replaced. */
async function knownVerdict(
  ctx: ReadContext,
  { snapshot }: ImportZone,
  record: CertificateRecord,
  { put }: LeafManner,
): Promise<LeafVerdict | undefined> {
  const memberId = record.memberId ?? '';
  const name = memberById(snapshot, memberId)?.name ?? 'a server that was removed';
  const said = SETTLED[record.state];
  if (said?.evenWhenPut === true) return settled(said.words(name));
  const wanted = put || record.state === 'cancelled';
  if (wanted && (await mayComeBack(ctx, record, memberId))) return undefined;
  return said === undefined ? givenUp(record, name) : settled(said.words(name));
}

/** Put for one server by name, it would be said of another that it has it, and nothing done. */
function refuseOtherOwner(
  { snapshot }: ImportZone,
  { memberId }: CertificateRecord,
  server: string | null,
): void {
  const owner = memberId === null ? undefined : memberById(snapshot, memberId);
  if (owner === undefined || server === null) return;
  const said = findServer(snapshot.members, server);
  if (said.id === owner.id) return;
  throw new ZmintError('policy', `it is the certificate of ${owner.name}, not of ${said.name}`, {
    hint: `zmint sacert ${owner.name} FILE; zmint generate-csr ${said.name} requests one for ${said.name}`,
  });
}

function givenUp({ state }: CertificateRecord, owner: string): Refusal {
  const reason = `it was ${state === 'revoked' ? 'revoked' : 'made by zmint and given up'}`;
  return { kind: 'refused', code: 'policy', reason, hint: `zmint generate-csr ${owner}` };
}

interface SettledWords {
  readonly words: (owner: string) => string;
  readonly evenWhenPut: boolean;
}

const HAD_BEFORE: SettledWords = { words: (owner) => `${owner} had it before`, evenWhenPut: false };

/** States in which the zone has a certificate, and an import has nothing to do with it. */
const SETTLED: Readonly<Partial<Record<CertificateRecord['state'], SettledWords>>> = {
  current: { words: (owner) => `${owner} has it already`, evenWhenPut: true },
  future: {
    words: (owner) => `it waits for its activation on ${owner} already`,
    evenWhenPut: true,
  },
  previous: HAD_BEFORE,
  retired: HAD_BEFORE,
};

function settled(reason: string): LeafVerdict {
  return { kind: 'passed-over', settled: true, reason };
}

function refuseUnforced({ snapshot }: ImportZone, { member }: ImportTarget): void {
  const current = snapshot.current.get(member.id);
  if (current === undefined || current.notAfter < snapshot.now) return;
  throw new ZmintError('policy', `${member.name} has a certificate that has not expired`, {
    hint: `zmint sacert -f ${member.name} FILE replaces it`,
  });
}
