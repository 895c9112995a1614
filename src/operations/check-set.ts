import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import { checkChain, createChainChecker, type ChainProblem } from '../path/check-chain.js';
import type { ReadContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';
import { parseCertificate, type Certificate } from '../x509/certificate.js';
import { readCertificates } from '../x509/read-certificates.js';
import type { Instant } from '../zone/instant.js';

/** A set as read back from disk. */
export interface CheckedSet {
  readonly leaf: Certificate;
  readonly chain: readonly Certificate[];
  readonly trust: readonly Certificate[];
  readonly pkcs8: Uint8Array;
}

/**
 * Reads a server's set and checks what a client would see: the key is that of the certificate and
 * the chain reaches a root of the bundle at the instant (I-1, I-24). Throws `unreadable`,
 * `key-mismatch`, `chain-untrusted` or `not-valid-then`, naming the server.
 */
export async function checkSet(
  ctx: ReadContext,
  files: SetFiles,
  where: string,
  at: Instant,
): Promise<CheckedSet> {
  const cer = files['server.cer'];
  const pkcs8 = files['key.der'];
  const leaf = cer === undefined ? undefined : readCertificates(cer, `${where}/server.cer`)[0];
  if (cer === undefined || pkcs8 === undefined || leaf === undefined) {
    throw new ZmintError('unreadable', `${where} has no certificate or no key`, {
      hint: 'zmint doctor',
    });
  }
  const chain = readCertificates(cer, `${where}/server.cer`).slice(1);
  const trust = readCertificates(files['ca.cert'], `${where}/ca.cert`);
  const pair = await ctx.keys.pairOf(pkcs8);
  if (!equalBytes(pair.spki, leaf.spki)) throw foreignKey(where);
  refuseBrokenChain(ctx, { leaf, chain, trust, pkcs8 }, where, at);
  return { leaf, chain, trust, pkcs8 };
}

/** Throws `chain-untrusted` or `not-valid-then` unless the chain reaches a root of the bundle at the instant. */
function refuseBrokenChain(
  ctx: Pick<ReadContext, 'keys'>,
  set: Pick<CheckedSet, 'leaf' | 'chain' | 'trust'> & { readonly pkcs8?: Uint8Array },
  where: string,
  at: Instant,
): void {
  const problems = checkChain({
    leaf: set.leaf,
    intermediates: set.chain,
    anchors: set.trust,
    at,
    verify: (spki, algorithm, data, signature) => ctx.keys.verify(spki, algorithm, data, signature),
  });
  refuseProblem(problems, where);
}

function refuseProblem([problem]: readonly ChainProblem[], where: string): void {
  if (problem === undefined) return;
  throw new ZmintError(problem.code, `${where}: ${problem.message}`, {
    hint: 'zmint doctor',
    details: { subject: problem.subject },
  });
}

/** Proves leaf and key of a set; `where` names it in errors. */
export type SetProver = (
  set: {
    readonly leaf: Certificate;
    readonly pkcs8: Uint8Array;
    /** The public key whose signature on the leaf was checked before it was recorded. */
    readonly signedBy?: Uint8Array | undefined;
    /** The key's public half, where the pair was made by this process just now. */
    readonly spki?: Uint8Array;
  },
  where: string,
) => Promise<void>;

/**
 * As `checkSet` for many sets that send the same chain and hold the same bundle, given as what was
 * written and read back (I-1, I-24). Throws `key-mismatch`, `chain-untrusted` or `not-valid-then`.
 */
export function createSetProver(
  ctx: Pick<ReadContext, 'keys'>,
  shared: { readonly chain: readonly Uint8Array[]; readonly trust: readonly Uint8Array[] },
  at: Instant,
): SetProver {
  let known: { readonly tbs: Uint8Array; readonly signedBy: Uint8Array } | undefined;
  const check = createChainChecker({
    intermediates: parseAll(shared.chain),
    anchors: parseAll(shared.trust),
    at,
    verify: (spki, algorithm, data, signature) =>
      (data === known?.tbs && equalBytes(spki, known.signedBy)) ||
      ctx.keys.verify(spki, algorithm, data, signature),
  });
  return async ({ leaf, pkcs8, signedBy, spki }, where) => {
    const own = spki ?? (await ctx.keys.pairOf(pkcs8)).spki;
    if (!equalBytes(own, leaf.spki)) throw foreignKey(where);
    // Bytes of the repository have the digest that was recorded when their signature was checked.
    known = signedBy === undefined ? undefined : { tbs: leaf.tbs, signedBy };
    refuseProblem(check(leaf), where);
  };
}

function foreignKey(where: string): ZmintError {
  return new ZmintError('key-mismatch', `the key in ${where} is not that of its certificate`, {
    hint: 'zmint doctor',
  });
}

/** Parses repository bytes that were checked when they were recorded. */
export function parseAll(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.map((der) => parseCertificate(der));
}
