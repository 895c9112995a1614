import type { ErrorCode } from '../errors.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { authorityRoot } from '../zone/authority.js';
import { awaitingChange } from '../zone/awaiting-change.js';
import { changedRoot } from '../zone/changed-root.js';
import { decideActivation, type ActivationDecision } from '../zone/decide-activation.js';
import { importWarnings } from '../zone/import-warnings.js';
import { renderInstant, type Instant } from '../zone/instant.js';
import { findServer } from '../zone/member-path.js';
import { refusePending } from '../zone/refuse-pending.js';
import { activeAuthority, authorityCertificate, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { trustOf, union } from '../zone/zone-trust.js';
import { checkImportSet, type ImportDemand } from './check-import-set.js';
import { parseAll } from './check-set.js';
import { givenKeys } from './import-keys.js';
import type { ImportPlan, ImportRequest, ImportSet } from './import-plan.js';
import { importIntoChange } from './import-into-change.js';
import { importRows, type JudgedLeaf } from './import-rows.js';
import type { ImportZone } from './import-target.js';
import { judgeLeaf, refusing, type LeafVerdict, type Refusal } from './judge-import.js';
import { readImport, type Find } from './read-import.js';
import { readSnapshot } from './read-snapshot.js';

/**
 * Plans an import; nothing is written. Every thing in the files becomes a row; what is wrong with one
 * is told there, and then the plan must not be carried out (`importRefusal`). Throws
 * `operation-pending`, `unknown-member`, and `not-valid-then` for an activation instant that is not possible.
 */
export async function planImport(
  ctx: ReadContext,
  formats: Pick<FormatContext, 'containers'>,
  request: ImportRequest,
  now: Instant,
): Promise<ImportPlan> {
  const snapshot = await readSnapshot(ctx, now);
  for (const { server } of request.files) if (server !== null) findServer(snapshot.members, server);
  const finds = await readImport(formats, request.files);
  const requests = await ctx.store.requests();
  const zone = { snapshot, requests, given: await givenKeys(ctx, finds) };
  const judged = await judgeLeaves(ctx, zone, finds, request);
  const wanted = judged.flatMap(({ verdict }) => (verdict.kind === 'wanted' ? [verdict] : []));
  const members = wanted.map(({ target }) => target.member);
  const into = awaitingChange(snapshot);
  if (into === null && members.length > 0) refusePending(snapshot, false, members);
  const decision =
    into === null
      ? activationOf(snapshot, request, members)
      : importIntoChange(snapshot, into, { request, members });
  const at = instantOf(decision, now);
  const demand = await demandOf(ctx, { snapshot, into, at }, finds);
  const checked = await checkSets(ctx, demand, judged);
  const sets = checked.flatMap(({ set }) => (set === undefined ? [] : [set]));
  return {
    basis: snapshot.sequence,
    into,
    at: now,
    rows: importRows(ctx, { finds, judged: checked, anchors: demand.anchors, requests }),
    sets: inOrder(sets),
    ...decision,
    updateName: into?.updateName ?? updateName(sets.length, now),
    warnings: sets.flatMap(({ planned, leaf, member }) =>
      importWarnings(
        planned,
        leaf,
        snapshot.current.get(member.id)?.dnsNames ?? [],
        decision.immediate ? null : at,
      ),
    ),
  };
}

function updateName(count: number, now: Instant): string {
  const what = `${count} server certificate${count === 1 ? '' : 's'}`;
  return `Import ${what} ${renderInstant(now).slice(0, 10)}`;
}

function inOrder(sets: readonly ImportSet[]): readonly ImportSet[] {
  return [...sets].sort(
    ({ planned: a }, { planned: b }) => a.order - b.order || (a.name < b.name ? -1 : 1),
  );
}

/** Each certificate of a server once; of several for one server only the newest stays wanted. */
async function judgeLeaves(
  ctx: ReadContext,
  zone: ImportZone,
  finds: readonly Find[],
  { put, force }: ImportRequest,
): Promise<readonly JudgedLeaf[]> {
  const judged = new Map<string, JudgedLeaf>();
  for (const { item, server } of finds) {
    if (item?.kind !== 'certificate' || item.certificate.isCa) continue;
    const { certificate: leaf } = item;
    const fingerprint = ctx.digest.sha256(leaf.der);
    if (judged.has(fingerprint)) continue;
    const verdict = await judgeLeaf(ctx, zone, leaf, { server, put, force });
    judged.set(fingerprint, { fingerprint, leaf, verdict, set: undefined });
  }
  const all = [...judged.values()];
  return all.map((one) => ({ ...one, verdict: newestOnly(one, all) }));
}

function newestOnly({ leaf, verdict }: JudgedLeaf, all: readonly JudgedLeaf[]): LeafVerdict {
  if (verdict.kind !== 'wanted') return verdict;
  const { member } = verdict.target;
  const newer = all.find(
    (other) =>
      other.verdict.kind === 'wanted' &&
      other.verdict.target.member.id === member.id &&
      other.leaf.notBefore > leaf.notBefore,
  );
  if (newer === undefined) return verdict;
  const reason = `a newer one for ${member.name} is in the import`;
  return { kind: 'passed-over', settled: false, reason };
}

function activationOf(
  snapshot: ZoneSnapshot,
  request: ImportRequest,
  members: readonly { readonly id: string }[],
): ActivationDecision {
  const active = activeAuthority(snapshot);
  const root = active === undefined ? undefined : authorityCertificate(snapshot, active);
  const ends = members.flatMap(({ id }) => snapshot.current.get(id)?.notAfter ?? []);
  return decideActivation({
    asked: request.activateAt,
    now: snapshot.now,
    caEnds: root?.notAfter ?? Infinity,
    replacedEnds: ends.length === 0 ? null : Math.min(...ends),
  });
}

function instantOf({ activation }: ActivationDecision, now: Instant): Instant {
  return activation.when === 'at' ? Math.max(activation.instant, now) : now;
}

/** What the zone trusts, today and with the CA that is to come (in a change that one alone); and what may stand between. */
async function demandOf(
  ctx: ReadContext,
  { snapshot, into, at }: Pick<ImportPlan, 'into' | 'at'> & { readonly snapshot: ZoneSnapshot },
  finds: readonly Find[],
): Promise<ImportDemand> {
  const only = into === null ? null : changedRoot(snapshot, into);
  const coming = snapshot.authorities.filter(({ state }) => state === 'future');
  const all = union(trustOf(await ctx.store.anchors()), coming.map(authorityRoot));
  const roots = only === null ? all : [only];
  const known = snapshot.authorityCertificates.filter(
    ({ state, fingerprint }) =>
      state !== 'cancelled' && state !== 'retired' && !roots.includes(fingerprint),
  );
  return {
    snapshot,
    at,
    anchors: parseAll(await ctx.store.der(roots)),
    between: [
      ...finds.flatMap(authorityOf),
      ...parseAll(await ctx.store.der(known.map(({ fingerprint }) => fingerprint))),
    ],
  };
}

function authorityOf({ item }: Find): readonly Certificate[] {
  return item?.kind === 'certificate' && item.certificate.isCa ? [item.certificate] : [];
}

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'chain-untrusted': 'name the file with the missing certificate of the CA too',
  'not-valid-then': 'ask the CA for one that is valid when it is activated',
};

/** What is said to a person who places files does not fit one who names them. */
function withHint(refusal: Refusal): Refusal {
  return { ...refusal, hint: HINTS[refusal.code] ?? refusal.hint };
}

async function checkSets(
  ctx: ReadContext,
  demand: ImportDemand,
  judged: readonly JudgedLeaf[],
): Promise<readonly JudgedLeaf[]> {
  const checked: JudgedLeaf[] = [];
  for (const one of judged) {
    const { verdict, leaf } = one;
    if (verdict.kind !== 'wanted') {
      checked.push(one);
      continue;
    }
    const set = await refusing(() => checkImportSet(ctx, demand, verdict.target, leaf));
    checked.push('kind' in set ? { ...one, verdict: withHint(set) } : { ...one, set });
  }
  return checked;
}
