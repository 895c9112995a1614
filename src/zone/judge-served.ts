import type { ErrorCode } from '../errors.js';
import { checkChain, findChain, type ChainInput } from '../path/check-chain.js';
import type { Certificate } from '../x509/certificate.js';
import { certificateLife } from './certificate-life.js';
import { dnsPatternCovers } from './dns-name.js';
import type { Fingerprint } from './fingerprint.js';
import { renderInstant, type Instant } from './instant.js';
import type { Member } from './member.js';

/** What can be wrong with what a server shows, or with the files that it reads. */
export type ServedFault =
  | 'unreachable'
  | 'wrong-certificate'
  | 'expired'
  | 'not-yet-valid'
  | 'trust-missing'
  | 'intermediate-missing'
  | 'cross-certificate-missing'
  | 'bad-chain'
  | 'name-mismatch'
  | 'weak-key'
  | 'unreadable'
  | 'key-mismatch'
  | 'set-damaged'
  | 'no-certificate';

/** A fault with the error code that it stands for, in words, and the command that mends it. */
export interface ServedProblem {
  readonly fault: ServedFault;
  readonly code: ErrorCode;
  readonly message: string;
  readonly mend: string;
}

/** A certificate with its SHA-256. */
export interface Shown {
  readonly certificate: Certificate;
  readonly fingerprint: Fingerprint;
}

/** Clients with the same roots: what they hold, in words and as certificates. */
export interface Clients {
  /** The end of a sentence: `clients with only the old root`. */
  readonly who: string;
  readonly roots: readonly Certificate[];
}

/** What a server showed, and what it is judged by. */
export interface ServedQuestion {
  readonly member: Member;
  readonly now: Instant;
  /** As received, the server's own certificate first. */
  readonly served: readonly [Shown, ...Shown[]];
  /** The certificate that the database says is live. */
  readonly expected: Fingerprint;
  /** Whom the shown certificate belongs to, in words, when it is not the expected one. */
  readonly owner: string | null;
  readonly clients: readonly Clients[];
  /** What may be missing in the handshake: intermediates and cross-certificates of the zone. */
  readonly known: readonly Certificate[];
  readonly crosses: ReadonlySet<Fingerprint>;
  readonly fingerprint: (certificate: Certificate) => Fingerprint;
  readonly verify: ChainInput['verify'];
}

/**
 * Everything that is wrong with what a server shows, the gravest first; empty when every kind of
 * client would accept it. Dates of the server's own certificate are judged once, and apart from its
 * chain, so that an expired certificate does not hide a missing one.
 */
export function judgeServed(question: ServedQuestion): readonly ServedProblem[] {
  const [leaf] = question.served;
  const weak = strengthProblems(question.member, leaf.certificate);
  // No path of a weak certificate holds: the weakness is the reason and is told once.
  const chain = chainProblems(question).filter(
    ({ fault }) => weak.length === 0 || fault !== 'bad-chain',
  );
  return [
    ...identityProblems(question),
    ...lifeProblems(question, leaf.certificate),
    ...chain,
    ...nameProblems(question.member, leaf.certificate),
    ...weak,
  ];
}

/** Names that the member is to answer to and the certificate does not carry. */
export function uncoveredNames(member: Member, certificate: Certificate): readonly string[] {
  const patterns = certificate.dnsNames.map((name) => name.toLowerCase());
  const own = member.dnsName === null ? [] : [member.dnsName];
  return [
    ...[...own, ...member.additionalDnsNames].filter(
      (name) => !patterns.some((pattern) => dnsPatternCovers(pattern, name)),
    ),
    ...member.ipAddresses.filter((address) => !certificate.ipAddresses.includes(address)),
  ];
}

function identityProblems(question: ServedQuestion): readonly ServedProblem[] {
  const { member, served, expected, owner } = question;
  const [leaf] = served;
  if (leaf.fingerprint === expected) return [];
  const shown =
    owner ?? `a certificate that this zone does not know, ${leaf.fingerprint.slice(0, 16)}…`;
  const message = `${member.name} shows ${shown}, not its current one`;
  return [
    {
      fault: 'wrong-certificate',
      code: 'served-differs',
      message,
      mend: `let ${member.name} read security/live again (reload it), then zmint ssl verify ${member.name}`,
    },
  ];
}

function lifeProblems(question: ServedQuestion, leaf: Certificate): readonly ServedProblem[] {
  const { member, now } = question;
  const life = certificateLife(leaf, now);
  if (life === 'active') return [];
  const message =
    life === 'expired'
      ? `the certificate of ${member.name} expired ${renderInstant(leaf.notAfter)}`
      : `the certificate of ${member.name} is not valid before ${renderInstant(leaf.notBefore)}`;
  const mend =
    life === 'expired'
      ? `zmint ssl remint ${member.name}`
      : `zmint doctor looks at the clock; zmint ssl remint ${member.name}`;
  return [{ fault: life, code: 'not-valid-then', message, mend }];
}

function chainProblems(question: ServedQuestion): readonly ServedProblem[] {
  const problems = question.clients.flatMap((clients) => chainProblem(question, clients));
  return problems.filter(
    (problem, index) => problems.findIndex((one) => one.message === problem.message) === index,
  );
}

function chainProblem(question: ServedQuestion, clients: Clients): readonly ServedProblem[] {
  const [leaf, ...rest] = question.served;
  const { now, known, verify, member } = question;
  const { notBefore, notAfter } = leaf.certificate;
  const input: ChainInput = {
    leaf: leaf.certificate,
    intermediates: rest.map((one) => one.certificate),
    anchors: clients.roots,
    at: Math.min(Math.max(now, notBefore), notAfter),
    verify,
  };
  const [problem] = checkChain(input);
  if (problem === undefined) return [];
  const helped = findChain({ ...input, intermediates: [...input.intermediates, ...known] });
  if (helped.path !== undefined) return [missingProblem(question, clients, helped.path)];
  const message = `${clients.who} refuse ${member.name}: ${problem.message}`;
  if (problem.code === 'not-valid-then')
    return [{ fault: 'expired', code: problem.code, message, mend: 'zmint ssl remint --ca' }];
  const fault = problem.code === 'policy' ? 'bad-chain' : 'trust-missing';
  const mend = `zmint ssl remint ${member.name}`;
  return [{ fault, code: 'chain-untrusted', message, mend }];
}

function missingProblem(
  question: ServedQuestion,
  clients: Clients,
  path: readonly Certificate[],
): ServedProblem {
  const { member, served, crosses } = question;
  const sent = new Set(served.map((one) => one.fingerprint));
  const missing = path.slice(1, -1).find((one) => !sent.has(question.fingerprint(one)));
  const cross = missing !== undefined && crosses.has(question.fingerprint(missing));
  const what = cross ? 'cross-certificate' : 'intermediate certificate';
  const subject = missing?.subject.text ?? '';
  return {
    fault: cross ? 'cross-certificate-missing' : 'intermediate-missing',
    code: 'chain-untrusted',
    message: `${clients.who} refuse ${member.name}: it does not send the ${what} "${subject}"`,
    mend: `let ${member.name} send all of security/live/server.cer (reload it), then zmint ssl verify ${member.name}`,
  };
}

function nameProblems(member: Member, leaf: Certificate): readonly ServedProblem[] {
  const name = member.dnsName;
  if (name === null || !uncoveredNames(member, leaf).includes(name)) return [];
  const carried = [...leaf.dnsNames, ...leaf.ipAddresses].join(', ');
  return [
    {
      fault: 'name-mismatch',
      code: 'policy',
      message: `${member.name} is called ${name}, its certificate is for ${carried === '' ? 'no name' : carried}`,
      mend: `zmint ssl remint ${member.name}`,
    },
  ];
}

const WEAK_KEY = /^(?:dsa|ec:P-192|ec:P-224)$/u;
const LEAST_RSA_BITS = 2048;

function strengthProblems(member: Member, leaf: Certificate): readonly ServedProblem[] {
  const bits = Number(/^rsa(?:-pss)?:(\d+)$/u.exec(leaf.key)?.[1] ?? LEAST_RSA_BITS);
  const weakHash = /md5|sha-?1(?!\d)/iu.test(leaf.signatureAlgorithmName);
  const facts = [
    ...(WEAK_KEY.test(leaf.key) || bits < LEAST_RSA_BITS ? [`has a weak key, ${leaf.key}`] : []),
    ...(weakHash ? [`is signed with ${leaf.signatureAlgorithmName}`] : []),
  ];
  return facts.map((fact) => ({
    fault: 'weak-key',
    code: 'policy',
    message: `the certificate of ${member.name} ${fact}`,
    mend: `zmint ssl remint ${member.name} --key ec:P-256`,
  }));
}
