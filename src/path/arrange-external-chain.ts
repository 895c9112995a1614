import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import type { CertificateTime } from '../x509/time.js';
import { findChain } from './check-chain.js';
import type { Verify } from './path-input.js';

/** The certificates of an external CA: those between a server and the root, and the root. */
export interface ExternalChain {
  /** Those that are nearest to a server first. */
  readonly intermediates: readonly Certificate[];
  readonly root: Certificate;
  /** Whether they did not come in that order, the root last. */
  readonly sorted: boolean;
}

/** What is to be arranged. */
export interface ExternalChainInput {
  readonly certificates: readonly Certificate[];
  readonly at: CertificateTime;
  readonly verify: Verify;
  /** The name of the file, for messages. */
  readonly name: string;
}

/**
 * Arranges the chain of an external CA, in whatever order it came, and checks that it is complete:
 * one root that signed itself, and every other certificate a CA's that leads to it and is valid now.
 * Throws `policy` for a certificate that is no CA's and for two roots, `chain-untrusted` when root or
 * an issuer is missing, `not-valid-then` for one that is not valid.
 */
export function arrangeExternalChain(input: ExternalChainInput): ExternalChain {
  const certificates = distinct(input.certificates);
  const leaf = certificates.find((one) => !one.isCa);
  if (leaf !== undefined) {
    const fact = `${leaf.subject.text} in ${input.name} is not the certificate of a CA`;
    throw new ZmintError('policy', fact, { hint: 'give the certificates of the CA alone' });
  }
  const root = theRoot(certificates, input);
  const others = certificates.filter((one) => one !== root);
  const placed = others.map((one) => ({ one, length: distanceOf(one, others, root, input) }));
  // A stable sort: branches of one length stay as they came.
  const intermediates = [...placed].sort((a, b) => b.length - a.length).map(({ one }) => one);
  const wanted = [...intermediates, root];
  return { intermediates, root, sorted: wanted.some((one, index) => one !== certificates[index]) };
}

function theRoot(
  certificates: readonly Certificate[],
  { name, at, verify }: ExternalChainInput,
): Certificate {
  const roots = certificates.filter(
    (one) =>
      equalBytes(one.subject.der, one.issuer.der) &&
      verify(one.spki, one.signatureAlgorithm, one.tbs, one.signature),
  );
  const [root, second] = roots;
  if (root === undefined) {
    const last = certificates.at(-1)?.issuer.text ?? '';
    throw new ZmintError('chain-untrusted', `${name} has no root; ${last} is missing`, {
      hint: 'ask the CA for its root certificate and add it to the file',
    });
  }
  if (second !== undefined) {
    const both = `${root.subject.text} and ${second.subject.text}`;
    throw new ZmintError('policy', `${name} has more than one root: ${both}`, {
      hint: 'give the chain of one CA',
    });
  }
  refuseDates(root, at, name);
  return root;
}

function refuseDates(
  { subject, notBefore, notAfter }: Certificate,
  at: number,
  name: string,
): void {
  if (at >= notBefore && at <= notAfter) return;
  const fact = at < notBefore ? 'is not valid yet' : 'has expired';
  throw new ZmintError('not-valid-then', `the root ${subject.text} in ${name} ${fact}`, {
    hint: 'ask the CA for its root of today',
  });
}

/** How many steps it is to the root. */
function distanceOf(
  one: Certificate,
  others: readonly Certificate[],
  root: Certificate,
  { at, verify, name }: ExternalChainInput,
): number {
  const intermediates = others.filter((other) => other !== one);
  const found = findChain({ leaf: one, intermediates, anchors: [root], at, verify });
  if (found.path !== undefined) return found.path.length;
  const [problem] = found.problems;
  throw new ZmintError(problem.code, `${one.subject.text} in ${name}: ${problem.message}`, {
    hint: 'give every certificate from the one that signs servers up to the root',
    details: { subject: problem.subject },
  });
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return certificates.filter(
    (one, index) => certificates.findIndex((other) => equalBytes(other.der, one.der)) === index,
  );
}
