import { concatBytes } from '../encoding/bytes.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import type { OutsideContext } from '../ports/context.js';
import { readTrustFile } from '../x509/read-trust-file.js';
import { renderTrustFile } from '../x509/render-trust-file.js';
import type { FetchedCertificate, FetchedChain } from './fetch-chain.js';

/** A file that is to hold what a server sent. */
export interface SaveRequest {
  readonly fetched: FetchedChain;
  /** Absolute. */
  readonly out: string;
  /** What is in the file stays, and what is not in it yet is added. */
  readonly add: boolean;
}

/** What saving changes. */
export interface SavePlan {
  readonly out: string;
  /** Null: the file holds them already. */
  readonly bytes: Uint8Array | null;
  readonly saved: readonly FetchedCertificate[];
  /** The file is there, and what is in it would be lost. */
  readonly replaces: boolean;
}

type Context = Pick<OutsideContext, 'files' | 'digest'>;

/** Decides what is written. Throws `unreadable` when it is to be added to a file that is not PEM. */
export async function planSave(ctx: Context, request: SaveRequest): Promise<SavePlan> {
  const { fetched, out, add } = request;
  const wanted = fetched.wanted.flatMap((place) => fetched.certificates[place] ?? []);
  const present = await ctx.files.read(out);
  const known = present === undefined ? [] : knownIn(ctx, present, request);
  const missing = wanted.filter(({ fingerprint }) => !known.includes(fingerprint));
  if (missing.length === 0 && (add || known.length === wanted.length)) {
    return { out, bytes: null, saved: [], replaces: false };
  }
  const kept = add ? (present ?? new Uint8Array()) : new Uint8Array();
  const saved = add ? missing : wanted;
  const text = `${separator(kept)}${labelled(saved, fetched.target)}`;
  return {
    out,
    bytes: concatBytes([kept, encodeUtf8(text)]),
    saved,
    replaces: present !== undefined && !add,
  };
}

function labelled(saved: readonly FetchedCertificate[], target: string): string {
  return renderTrustFile(
    saved.map(({ certificate }) => ({
      certificate,
      label: [`${target} ${certificate.subject.text}`.trim()],
    })),
  );
}

/** Writes the file, unless it holds everything already. */
export async function executeSave(ctx: Context, plan: SavePlan): Promise<void> {
  if (plan.bytes !== null) await ctx.files.replace(plan.out, plan.bytes);
}

/** A file that is replaced may hold anything. */
function knownIn(ctx: Context, present: Uint8Array, { out, add }: SaveRequest): readonly string[] {
  try {
    const { certificates } = readTrustFile(present, out);
    return certificates.map(({ certificate }) => ctx.digest.sha256(certificate.der));
  } catch (error) {
    if (add) throw error;
    return [];
  }
}

/** A comment must not touch the block before it. */
function separator(kept: Uint8Array): string {
  if (kept.length === 0) return '';
  return kept.at(-1) === 0x0a ? '\n' : '\n\n';
}
