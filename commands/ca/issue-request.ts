import { ZmintError } from '../../src/errors.js';
import type { IssueRequest } from '../../src/index.js';
import type { Session } from '../cli/session.js';
import type { IssueInput } from './issue-options.js';

/**
 * The request that the input means. Throws `usage` for what is missing or does not go together,
 * `unreadable` for a file that holds no request.
 */
export async function issueRequest(
  session: Session,
  input: IssueInput,
): Promise<Omit<IssueRequest, 'waiting'>> {
  refuseContradictions(input);
  const { name = '', days, years } = input;
  return {
    commonName: name,
    kind: kindOf(input),
    csr: input.csr === undefined ? null : await readCsr(session, input.csr),
    keySpec: input.key ?? null,
    life: days !== undefined ? { days } : years !== undefined ? { years } : null,
  };
}

function kindOf(input: IssueInput): IssueRequest['kind'] {
  const { permitDns, permitIp, permitEmail, excludeDns, excludeIp, excludeEmail } = input;
  if (input.subordinate) {
    const constraints = { permitDns, permitIp, permitEmail, excludeDns, excludeIp, excludeEmail };
    return { is: 'subordinate', pathLength: input.pathLength ?? 0, constraints };
  }
  return {
    is: 'end-entity',
    purposes: input.eku,
    names: input.san,
    requestedNames: input.csrNames,
  };
}

async function readCsr(session: Session, name: string): Promise<IssueRequest['csr']> {
  const { readContainer } = await import('../../src/index.js');
  const bytes = await session.readFile(name);
  const { items } = await readContainer(await session.formats(), { bytes, name, passphrases: [] });
  const requests = items.flatMap((item) => (item.kind === 'request' ? [item.request] : []));
  const [only] = requests;
  if (only !== undefined && requests.length === 1) return only;
  throw new ZmintError('unreadable', `${name} holds ${requests.length} requests, not one`, {
    hint: 'give the request alone: PKCS#10 as PEM or DER',
  });
}

function refuseContradictions(input: IssueInput): void {
  const found = [...keyContradictions(input), ...kindContradictions(input)].find(
    ([holds]) => holds,
  );
  if (found === undefined) return;
  throw new ZmintError('usage', found[1], { hint: 'zmint ca issue --help' });
}

type Contradiction = readonly [holds: boolean, fact: string];

function keyContradictions(input: IssueInput): readonly Contradiction[] {
  const { csr, p12, out, key } = input;
  if (csr !== undefined) {
    return [
      [key !== undefined, 'the request has its key: --key is without --csr'],
      [p12, 'a PKCS#12 file takes the key, which is not here: no --p12'],
    ];
  }
  return [
    [out === undefined, 'where is the key to go? --out DIR is missing'],
    [input.csrNames, '--csr-names is for --csr'],
  ];
}

function kindContradictions(input: IssueInput): readonly Contradiction[] {
  const { subordinate, days, years, eku, san, p12 } = input;
  const names = [
    ...[...input.permitDns, ...input.permitIp, ...input.permitEmail],
    ...[...input.excludeDns, ...input.excludeIp, ...input.excludeEmail],
  ];
  const constrained = names.length > 0 || input.pathLength !== undefined;
  return [
    [input.name === undefined, 'whom is it for? --name is missing'],
    [days !== undefined && years !== undefined, '--days and --years exclude each other'],
    [subordinate && eku.length + san.length > 0, 'a CA has no --eku and no --san'],
    [!subordinate && constrained, 'constraints and --path-length are for --subordinate'],
    [!p12 && input.outPassphraseFile !== undefined, '--out-passphrase-file is for --p12'],
  ];
}
