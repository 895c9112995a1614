import { ZmintError } from '../errors.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import type { AuthorityJudge } from '../path/judge-authority.js';
import type { Certificate } from '../x509/certificate.js';
import { certificateName } from '../x509/certificate-name.js';
import { BARE_REMINT } from '../zone/bare-remint.js';
import { authorityRoot } from '../zone/authority.js';
import { awaitedAuthority } from '../zone/authority-request.js';
import { CutListBuilder, type CutList } from '../zone/cut-list.js';
import { renderInstant, type Instant } from '../zone/instant.js';
import { isServer, type Member } from '../zone/member.js';
import type { RemintPlan } from '../zone/remint-plan.js';
import { decideServerNames, type ServerNames } from '../zone/server-names.js';
import { activeAuthority, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { AuthorityImportPlan, AuthorityImportRequest } from './authority-import-plan.js';
import { findAuthority, type FoundAuthority } from './find-authority.js';
import { judgeFoundAuthority } from './judge-found-authority.js';
import { maySignCrls } from './may-sign-crls.js';
import { planRemint } from './plan-remint.js';
import { readImport, type Find } from './read-import.js';
import { memberBatches, readBase } from './read-snapshot.js';

/**
 * Plans the import of the certificate that the zone's CA waits for; nothing is written. Undefined: the
 * files are not about the CA. Throws `key-mismatch`, `not-found`, `chain-untrusted`, `not-valid-then`,
 * `policy` (also naming the servers whose names the CAs above do not allow), `operation-pending`.
 */
export async function planAuthorityImport(
  ctx: ReadContext,
  formats: Pick<FormatContext, 'containers'>,
  request: AuthorityImportRequest,
  now: Instant,
): Promise<AuthorityImportPlan | undefined> {
  const base = await readBase(ctx, now);
  const awaits = awaitedAuthority(base.authorityRequests) !== undefined;
  if (!awaits && activeAuthority(base)?.kind === 'external') return undefined;
  const finds = await readImport(formats, request.files);
  const found = findAuthority(ctx, base, finds);
  if (found === undefined) return undefined;
  const judge = await judgeFoundAuthority(ctx, base, found);
  const parents = judge.parentsFor(await oneOfTheServers(ctx, base));
  const first = await checkServers(ctx, base, judge);
  return {
    basis: base.sequence,
    at: now,
    request: found.request,
    certificate: found.certificate,
    parents,
    remint: await remintFor(ctx, { base, found, parents, asked: request }),
    first,
    notes: notesOf(finds, found, parents),
    warnings: warningsOf(found.certificate, parents),
  };
}

/** Names as the next certificate of a server will have them. */
function namesOf(batch: ZoneSnapshot, member: Member): ServerNames {
  const today = batch.current.get(member.id)?.dnsNames;
  const includeDns = today === undefined ? true : null;
  return decideServerNames(member, { commonName: null, includeDns, today: today ?? [] });
}

/** What the path above the CA is looked for with: any server that is to get a certificate. */
async function oneOfTheServers(ctx: ReadContext, base: ZoneSnapshot): Promise<ServerNames> {
  const needs = { certificates: true, sets: false };
  for await (const batch of memberBatches(ctx, base, needs)) {
    const server = batch.members.find(isServer);
    if (server !== undefined) return namesOf(batch, server);
  }
  return { commonName: base.zone.name, dnsNames: [], ipAddresses: [] };
}

/** The servers without a certificate. Throws `policy` naming those whose names would not be allowed. */
async function checkServers(
  ctx: ReadContext,
  base: ZoneSnapshot,
  judge: AuthorityJudge,
): Promise<CutList<string>> {
  const refused = new CutListBuilder<{ readonly server: string; readonly reason: string }>();
  const first = new CutListBuilder<string>();
  for await (const batch of memberBatches(ctx, base, { certificates: true, sets: false })) {
    for (const member of batch.members.filter(isServer)) {
      if (!batch.current.has(member.id)) first.add(member.name);
      const reasons = judge.constrained ? judge.refusals(namesOf(batch, member)) : [];
      for (const reason of reasons) refused.add({ server: member.name, reason });
    }
  }
  const { total, shown } = refused.list();
  const [one] = shown;
  if (one === undefined) return first.list();
  const servers = [...new Set(shown.map(({ server }) => server))];
  throw new ZmintError(
    'policy',
    `a CA above does not allow the names of ${servers.slice(0, 5).join(', ')}: ${one.reason}`,
    {
      hint: 'ask the CA above to allow these names, or change them: zmint server set SERVER --dns FQDN',
      details: { total, refused: shown },
    },
  );
}

interface Coming {
  readonly base: ZoneSnapshot;
  readonly found: FoundAuthority;
  readonly parents: readonly Certificate[];
  readonly asked: AuthorityImportRequest;
}

/** The first CA of a zone replaces nothing. */
async function remintFor(ctx: ReadContext, coming: Coming): Promise<RemintPlan | null> {
  const { base, found, parents, asked } = coming;
  const { request, certificate } = found;
  const active = activeAuthority(base);
  if (active === undefined) return null;
  const { notBefore, notAfter } = certificate;
  const root = ctx.digest.sha256(parents.at(-1)?.der ?? certificate.der);
  const plan = await planRemint(
    ctx,
    {
      ...BARE_REMINT,
      ca: true,
      activateAt: asked.activateAt ?? request.wish?.activateAt ?? { when: 'ready' },
      updateName: request.wish?.updateName ?? null,
      freshBackup: asked.freshBackup,
      change: {
        to: 'subordinate',
        request,
        certificate: {
          commonName: certificateName(certificate),
          validity: { notBefore, notAfter },
        },
        sameRoot: authorityRoot(active) === root,
      },
    },
    base.now,
  );
  return plan ?? null;
}

function notesOf(
  finds: readonly Find[],
  { certificate }: FoundAuthority,
  parents: readonly Certificate[],
): readonly string[] {
  const used = new Set([certificate, ...parents]);
  return finds.flatMap(({ file, where, item, problem }) => {
    if (item?.kind === 'certificate' && used.has(item.certificate)) return [];
    const place = where === '' ? file : `${file}, ${where}`;
    if (problem !== undefined) return [`${place} was passed over: ${problem.reason}`];
    if (item?.kind !== 'certificate') return [`${place} was passed over: it is no certificate`];
    return [`${item.certificate.subject.text} in ${file} was passed over: nobody needs it`];
  });
}

function warningsOf(certificate: Certificate, parents: readonly Certificate[]): readonly string[] {
  const ends = parents.filter(({ notAfter }) => notAfter < certificate.notAfter);
  return [
    ...(maySignCrls(certificate)
      ? []
      : ['the CA may not sign CRLs: nothing that it issues can be revoked']),
    ...ends.map(
      ({ subject, notAfter }) =>
        `${subject.text} above the CA ends before it, ${renderInstant(notAfter)}`,
    ),
  ];
}
