import { equalBytes } from '../encoding/bytes.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { OutsideContext } from '../ports/context.js';
import { fileText } from '../x509/file-text.js';
import { readTrustFile, type LabelledCertificate } from '../x509/read-trust-file.js';
import { renderTrustFile } from '../x509/render-trust-file.js';
import { parseAgentPolicy, type AgentPolicy } from '../zone/agent-policy.js';
import { renderInstant, type Instant } from '../zone/instant.js';

/** What is to be merged; all paths are absolute. */
export interface MergeRequest {
  /** First come, first kept. */
  readonly sources: readonly string[];
  /** A policy whose CA file and CA path come after the sources. */
  readonly policy: string | undefined;
  readonly out: string;
  /** A source that is missing or empty counts as one without certificates. */
  readonly allowMissing: boolean;
  readonly now: Instant;
}

/** One certificate of the merged file. */
export interface MergedCertificate extends LabelledCertificate {
  /** SHA-256 of the DER. */
  readonly fingerprint: string;
  readonly from: string;
}

/** What the file is to hold. */
export interface MergePlan {
  readonly out: string;
  readonly bytes: Uint8Array;
  readonly certificates: readonly MergedCertificate[];
  readonly sources: readonly { readonly path: string; readonly certificates: number }[];
  /** How many were there already, from an earlier source. */
  readonly duplicates: number;
  readonly policy: AgentPolicy | null;
  /** `same`: the file holds exactly that. `foreign`: it was not made by a merge. */
  readonly present: 'missing' | 'same' | 'differs' | 'foreign';
  readonly warnings: readonly string[];
}

type Context = Pick<OutsideContext, 'files' | 'digest'>;
type Read = Pick<MergePlan, 'sources' | 'warnings'> & { readonly found: readonly Found[] };
type Found = LabelledCertificate & { readonly from: string };

const MARK = '# Made by zmint truststore merge';
const IN_FOLDER = /\.(?:pem|crt|cer)$|^[\da-f]{8}\.\d+$/iu;

/**
 * Reads the sources in order and decides what the merged file holds: each certificate once, by the
 * SHA-256 of its DER, the first one kept with its comment (I-15). The same sources give the same
 * bytes. Throws `unreadable` for a source that is missing, empty, no PEM or damaged, so that nothing
 * vanishes because a file did; `policy` for a policy that cannot be understood, `usage`.
 */
export async function planMerge(ctx: Context, request: MergeRequest): Promise<MergePlan> {
  const policy = await readPolicy(ctx, request.policy);
  const read = await readSources(ctx, request, policy);
  const certificates = distinct(ctx, read.found);
  if (certificates.length === 0) {
    throw new ZmintError(
      'unreadable',
      'the sources hold no certificate: nothing would be trusted',
      {
        hint: 'name a source with certificates; zmint getsscert HOST --out FILE fetches one',
      },
    );
  }
  // Nothing in it depends on when and where it is made, so that what is the same stays the same.
  const bytes = encodeUtf8(
    `${MARK}: change the sources, not this file.\n\n${renderTrustFile(certificates)}`,
  );
  return {
    out: request.out,
    bytes,
    certificates,
    sources: read.sources,
    duplicates: read.found.length - certificates.length,
    policy,
    present: compare(await ctx.files.read(request.out), bytes),
    warnings: [...read.warnings, ...policyWarnings(policy), ...expired(certificates, request.now)],
  };
}

/** Writes the file when it does not hold that already. */
export async function executeMerge(ctx: Context, plan: MergePlan): Promise<void> {
  if (plan.present !== 'same') await ctx.files.replace(plan.out, plan.bytes);
}

async function readPolicy(ctx: Context, path: string | undefined): Promise<AgentPolicy | null> {
  if (path === undefined) return null;
  const bytes = await ctx.files.read(path);
  if (bytes === undefined) throw missing(path);
  try {
    return parseAgentPolicy(fileText(bytes));
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    throw new ZmintError(error.code, `${path}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

async function readSources(
  ctx: Context,
  request: MergeRequest,
  policy: AgentPolicy | null,
): Promise<Read> {
  const named = [...request.sources, ...(policy?.caFile == null ? [] : [policy.caFile])];
  if (named.includes(request.out)) {
    throw new ZmintError('usage', `${request.out} cannot be a source and the result`, {
      hint: 'write to a file of its own with --out',
    });
  }
  const sources: MergePlan['sources'][number][] = [];
  const found: Found[] = [];
  const warnings: string[] = [];
  for (const path of named) {
    const one = await readSource(ctx, path, request.allowMissing);
    sources.push({ path, certificates: one.found.length });
    found.push(...one.found);
    warnings.push(...one.warnings);
  }
  if (policy?.caPath == null) return { sources, found, warnings };
  const folder = await readFolder(ctx, policy.caPath, request);
  return {
    sources: [...sources, { path: policy.caPath, certificates: folder.found.length }],
    found: [...found, ...folder.found],
    warnings: [...warnings, ...folder.warnings],
  };
}

type Source = Pick<Read, 'found' | 'warnings'>;

async function readSource(ctx: Context, path: string, allowMissing: boolean): Promise<Source> {
  const bytes = await ctx.files.read(path);
  if (bytes === undefined) {
    if (!allowMissing) throw missing(path);
    return { found: [], warnings: [`${path} is not there`] };
  }
  const { certificates, leftOut } = readTrustFile(bytes, path);
  if (certificates.length === 0 && !allowMissing) {
    throw new ZmintError('unreadable', `${path} holds no certificate`, {
      hint: 'with --allow-missing such a source counts as empty',
      details: { path },
    });
  }
  return {
    found: certificates.map((one) => ({ ...one, from: path })),
    warnings: [
      ...(certificates.length === 0 ? [`${path} holds no certificate`] : []),
      ...leftOut.map((each) => `left out, ${each}`),
    ],
  };
}

async function readFolder(ctx: Context, folder: string, request: MergeRequest): Promise<Source> {
  const names = await ctx.files.list(folder);
  if (names === undefined && !request.allowMissing) throw missing(folder);
  const found: Found[] = [];
  const warnings: string[] = names === undefined ? [`${folder} is not there`] : [];
  for (const name of (names ?? []).filter((each) => IN_FOLDER.test(each))) {
    const path = `${folder.replace(/\/+$/u, '')}/${name}`;
    if (path === request.out) continue;
    const one = await readSource(ctx, path, true);
    found.push(...one.found);
    warnings.push(...one.warnings);
  }
  return { found, warnings };
}

function distinct({ digest }: Context, found: readonly Found[]): readonly MergedCertificate[] {
  const kept = new Map<string, MergedCertificate>();
  for (const one of found) {
    const fingerprint = digest.sha256(one.certificate.der);
    if (!kept.has(fingerprint)) kept.set(fingerprint, { ...one, fingerprint });
  }
  return [...kept.values()];
}

function compare(present: Uint8Array | undefined, bytes: Uint8Array): MergePlan['present'] {
  if (present === undefined) return 'missing';
  if (equalBytes(present, bytes)) return 'same';
  const begins = equalBytes(present.slice(0, MARK.length), encodeUtf8(MARK));
  return begins ? 'differs' : 'foreign';
}

function policyWarnings(policy: AgentPolicy | null): readonly string[] {
  if (policy === null) return [];
  return [
    ...(policy.verifyPeer ? [] : ['the policy says verify-peer = no: agents take any certificate']),
    ...(policy.verifyHost ? [] : ['the policy says verify-host = no: agents take any name']),
  ];
}

function expired(certificates: readonly MergedCertificate[], now: Instant): readonly string[] {
  return certificates
    .filter(({ certificate }) => certificate.notAfter < now)
    .map(
      ({ certificate, from }) =>
        `${certificate.subject.text} in ${from} expired ${renderInstant(certificate.notAfter)}`,
    );
}

function missing(path: string): ZmintError {
  return new ZmintError('unreadable', `${path} is not there`, {
    hint: 'check the name; with --allow-missing a source that is not there counts as empty',
    details: { path },
  });
}
