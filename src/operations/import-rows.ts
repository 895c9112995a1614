import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { ContainerItem } from '../x509/container.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import type { ImportPlan, ImportRow, ImportSet } from './import-plan.js';
import { STRAY, type LeafVerdict } from './judge-import.js';
import type { Find } from './read-import.js';

/** A server's certificate of the import, and what became of it. */
export interface JudgedLeaf {
  readonly fingerprint: string;
  readonly leaf: Certificate;
  readonly verdict: LeafVerdict;
  /** When it is taken. */
  readonly set: ImportSet | undefined;
}

/** What rows are made from. */
export interface JudgedImport {
  readonly finds: readonly Find[];
  readonly judged: readonly JudgedLeaf[];
  readonly anchors: readonly Certificate[];
  readonly requests: readonly CertificateRequest[];
}

type Told = Pick<ImportRow, 'outcome' | 'servers' | 'reason' | 'hint' | 'code'>;

/** A row for everything in the files, in their order. */
export function importRows(ctx: ReadContext, judged: JudgedImport): readonly ImportRow[] {
  return judged.finds.map((find) => ({
    file: find.file,
    where: find.where,
    what: find.item === undefined ? 'unreadable' : itemWords(find.item),
    ...tell(ctx, judged, find),
  }));
}

/**
 * Why the import must not be carried out; undefined: it may, or there is nothing to do. One thing that
 * is refused keeps all others from being taken: nothing is imported by halves.
 */
export function importRefusal({ rows }: Pick<ImportPlan, 'rows'>): ZmintError | undefined {
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  if (first !== undefined) {
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
    const place = first.where === '' ? first.file : `${first.file}, ${first.where}`;
    return new ZmintError(first.code ?? 'policy', `${place}: ${first.reason}${more}`, {
      ...(first.hint === '' ? {} : { hint: first.hint }),
      details: { rows },
    });
  }
  if (rows.some(({ outcome }) => outcome === 'taken')) return undefined;
  return nothingFound(rows);
}

function nothingFound(rows: readonly ImportRow[]): ZmintError | undefined {
  const leaf = rows.find(({ what }) => what.startsWith('certificate '));
  if (leaf !== undefined) {
    if (leaf.reason !== STRAY) return undefined;
    return new ZmintError('key-mismatch', `${leaf.file}: ${leaf.reason}`, {
      hint: 'zmint server list shows the servers; give the key with --key FILE and --server SERVER',
      details: { rows },
    });
  }
  const authority = rows.find(({ what }) => what.startsWith('CA certificate '));
  const fact =
    authority === undefined
      ? 'there is no certificate in the import'
      : `${authority.file}: a ${authority.what}, and no server's certificate with it`;
  return new ZmintError('policy', fact, {
    hint: 'give the certificate that the CA made of the request',
    details: { rows },
  });
}

function tell(ctx: ReadContext, judged: JudgedImport, { item, problem }: Find): Told {
  if (problem !== undefined) return { outcome: 'refused', servers: [], ...problem };
  if (item?.kind === 'certificate') {
    return item.certificate.isCa
      ? tellAuthority(ctx, judged, item.certificate)
      : tellLeaf(ctx, judged, item.certificate);
  }
  if (item?.kind === 'key') return tellKey(judged, item.key.pkcs8);
  return passedOver('an import has no use for it');
}

function tellLeaf(ctx: ReadContext, { judged }: JudgedImport, certificate: Certificate): Told {
  const fingerprint = ctx.digest.sha256(certificate.der);
  const found = judged.find((one) => one.fingerprint === fingerprint);
  const verdict = found?.verdict;
  if (verdict === undefined || verdict.kind === 'wanted') {
    const servers = found?.set === undefined ? [] : [found.set.member.name];
    return { outcome: 'taken', servers, reason: '', hint: '', code: null };
  }
  if (verdict.kind === 'passed-over') return passedOver(verdict.reason);
  const { code, reason, hint } = verdict;
  return { outcome: 'refused', servers: [], code, reason, hint };
}

/** Somebody signed a server's request as that of a CA: told as such, since it would never work. */
function tellAuthority(ctx: ReadContext, judged: JudgedImport, certificate: Certificate): Told {
  const spki = ctx.digest.sha256(certificate.spki);
  const request = judged.requests.find(({ spkiSha256 }) => spkiSha256 === spki);
  if (request !== undefined) {
    return {
      outcome: 'refused',
      servers: [],
      code: 'policy',
      reason: `the CA made a CA's certificate of the request of a server`,
      hint: 'have the request signed as that of a server, with CA:FALSE',
    };
  }
  const fingerprint = ctx.digest.sha256(certificate.der);
  const isIt = (one: Certificate): boolean => ctx.digest.sha256(one.der) === fingerprint;
  const servers = judged.judged.flatMap(({ set }) =>
    set?.intermediates.some(isIt) === true ? [set.member.name] : [],
  );
  if (servers.length > 0) return used(servers);
  if (judged.anchors.some(isIt)) return passedOver('the zone trusts it already');
  return passedOver('no certificate of the import needs it');
}

function tellKey({ judged }: JudgedImport, pkcs8: Uint8Array): Told {
  const servers = judged.flatMap(({ set }) =>
    set?.keySource === 'given' && equalBytes(set.pkcs8, pkcs8) ? [set.member.name] : [],
  );
  return servers.length > 0 ? used(servers) : passedOver('no certificate of the import is for it');
}

function used(servers: readonly string[]): Told {
  return { outcome: 'used', servers, reason: '', hint: '', code: null };
}

function passedOver(reason: string): Told {
  return { outcome: 'passed-over', servers: [], reason, hint: '', code: null };
}

function itemWords(item: ContainerItem): string {
  if (item.kind === 'certificate') {
    const { isCa, subject, dnsNames } = item.certificate;
    const name = subject.text === '' ? (dnsNames[0] ?? '') : subject.text;
    return `${isCa ? 'CA certificate' : 'certificate'} ${name}`;
  }
  if (item.kind === 'key') return `private key (${item.key.key})`;
  if (item.kind === 'request') return `request ${item.request.subject.text}`;
  return WORDS[item.kind];
}

const WORDS: Readonly<
  Record<Exclude<ContainerItem['kind'], 'certificate' | 'key' | 'request'>, string>
> = {
  crl: 'revocation list',
  'public-key': 'public key',
  'encrypted-key': 'encrypted private key',
  'encrypted-part': 'encrypted part',
  damaged: 'damaged',
  other: 'something else',
};
