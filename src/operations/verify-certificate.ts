import { ZmintError } from '../errors.js';
import type { ExpectedName, PathProfile, PolicyInput } from '../path/path-input.js';
import type { PathProblem, PathProblemCode } from '../path/path-problem.js';
import { validatePath } from '../path/validate-path.js';
import type { FormatContext } from '../ports/context.js';
import { chooseLeaf } from '../x509/choose-leaf.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateList } from '../x509/certificate-list.js';
import type { ContainerItem } from '../x509/container.js';
import type { Instant } from '../zone/instant.js';
import { readBag, type NamedFile } from './read-bag.js';

/** Files, and what the certificate in the first one is to be judged by. */
export interface VerifyRequest {
  readonly file: NamedFile;
  readonly untrusted: readonly NamedFile[];
  readonly trust: readonly NamedFile[];
  readonly crls: readonly NamedFile[];
  readonly at: Instant;
  readonly name: ExpectedName | undefined;
  /** Object identifier of a key purpose. */
  readonly eku: string | undefined;
  readonly policy: PolicyInput;
  readonly maxDepth: number | undefined;
  readonly profile: PathProfile | undefined;
}

/** A certificate by what tells it apart. */
export interface ShownCertificate {
  /** RFC 4514; empty for the empty name. */
  readonly subject: string;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly sha256: string;
}

/** One reason against, with the certificate at fault. */
export interface ShownProblem {
  readonly code: PathProblemCode;
  readonly certificate: ShownCertificate;
  readonly rfc: string;
  readonly message: string;
}

/** What came of it. */
export interface VerifyReport {
  readonly valid: boolean;
  /** `invalid-then`: only dates speak against it; at another instant it may be valid. */
  readonly verdict: 'valid' | 'invalid' | 'invalid-then';
  readonly at: Instant;
  readonly leaf: ShownCertificate;
  /** Leaf first; when not valid, as far as it could be built. */
  readonly path: readonly ShownCertificate[];
  readonly problems: readonly ShownProblem[];
  /** Policies that it is valid for; empty when it is not valid. */
  readonly policies: readonly string[];
  /** What was passed over, in words. */
  readonly notes: readonly string[];
}

const ANY_PURPOSE = '2.5.29.37.0';
const DATES: ReadonlySet<PathProblemCode> = new Set<PathProblemCode>(['expired', 'not-yet-valid']);

/**
 * Judges the certificate in a file by RFC 5280 (see `validatePath`). Its file and the untrusted ones
 * give what may stand between; of these and of the trusted ones, what cannot be read is passed over
 * and told as long as something is left. Throws `unreadable` naming the file.
 */
export async function verifyCertificate(
  ctx: Pick<FormatContext, 'containers' | 'digest' | 'keys'>,
  request: VerifyRequest,
): Promise<VerifyReport> {
  const own = await readBag(ctx, request.file, 'certificate');
  const untrusted = await readBags(ctx, request.untrusted, 'certificate');
  const trust = await readBags(ctx, request.trust, 'certificate');
  const crls = await readBags(ctx, request.crls, 'crl');
  const leaf = chooseLeaf(own.items);
  if (leaf === undefined) throw new ZmintError('bug', 'a file with certificates has none');
  const { at, name, eku, policy, maxDepth, profile } = request;
  const result = validatePath({
    leaf,
    untrusted: [...certificatesOf(own.items), ...certificatesOf(untrusted.items)],
    anchors: certificatesOf(trust.items.filter((item) => isTrustedFor(item, eku))),
    crls: listsOf(crls.items),
    at,
    policy,
    verify: (...parts) => ctx.keys.verify(...parts),
    ...(name === undefined ? {} : { name }),
    ...(eku === undefined ? {} : { eku }),
    ...(maxDepth === undefined ? {} : { maxDepth }),
    ...(profile === undefined ? {} : { profile }),
  });
  const show = (certificate: Certificate): ShownCertificate => ({
    subject: certificate.subject.text,
    sha256: ctx.digest.sha256(certificate.der),
  });
  return {
    valid: result.valid,
    verdict: verdictOf(result.problems),
    at,
    leaf: show(leaf),
    path: result.path.map(show),
    problems: result.problems.map(({ certificate, ...said }) => ({
      ...said,
      certificate: show(certificate),
    })),
    policies: result.valid ? result.policies : [],
    notes: [...own.notes, ...untrusted.notes, ...trust.notes, ...crls.notes],
  };
}

type Bag = Awaited<ReturnType<typeof readBag>>;

async function readBags(
  ctx: Pick<FormatContext, 'containers'>,
  files: readonly NamedFile[],
  wanted: 'certificate' | 'crl',
): Promise<Bag> {
  const bags: Bag[] = [];
  for (const file of files) bags.push(await readBag(ctx, file, wanted));
  return { items: bags.flatMap(({ items }) => items), notes: bags.flatMap(({ notes }) => notes) };
}

function certificatesOf(items: readonly ContainerItem[]): readonly Certificate[] {
  return items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : []));
}

function listsOf(items: readonly ContainerItem[]): readonly CertificateList[] {
  return items.flatMap((item) => (item.kind === 'crl' ? [item.crl] : []));
}

/** What OpenSSL's TRUSTED CERTIFICATE says about purposes narrows trust, never widens it. */
function isTrustedFor(item: ContainerItem, eku: string | undefined): boolean {
  if (item.kind !== 'certificate' || item.trust === null) return true;
  const { trusted, rejected } = item.trust;
  const about = (purposes: readonly string[] | null): boolean =>
    purposes?.some((purpose) => purpose === ANY_PURPOSE || purpose === eku) ?? false;
  if (about(rejected)) return false;
  return trusted === null || eku === undefined || about(trusted);
}

function verdictOf(problems: readonly PathProblem[]): VerifyReport['verdict'] {
  if (problems.length === 0) return 'valid';
  return problems.every(({ code }) => DATES.has(code)) ? 'invalid-then' : 'invalid';
}
