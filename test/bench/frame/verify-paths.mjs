import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { costOf, inTurn } from './in-turn.mjs';
import { loadCases } from './load-cases.mjs';
import { missingPrograms } from './peers.mjs';
import { runProgram } from './run-program.mjs';

const LEAVES = 1000;
/** pkijs is slow enough to be measured with fewer. */
const PKIJS_LEAVES = 100;
const HOSTILE = 100;

/**
 * How fast paths of three P-256 certificates are judged in one process, against pkijs's engine and
 * `openssl verify` over the same leaves, and how long a hostile bag takes.
 */
export async function measurePaths({ options, report, zones }) {
  const folder = zones.newPath('paths');
  mkdirSync(folder);
  const cases = await loadCases('path-cases', folder);
  const made = await cases.makeLeaves(LEAVES);
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  const bag = await cases.hostileBag(HOSTILE);
  const sides = [
    ...ownSides(cases, made),
    pkijsSide(made),
    {
      name: `hostile bag of ${HOSTILE} same-name certificates`,
      work: () => costOf(() => mustBe(bag(), false)),
    },
    ...opensslSides({ report, folder, cases, made }),
  ];
  const rows = await inTurn(sides, { rounds: options.rounds });
  report.table(`paths of three P-256 certificates, ${LEAVES} leaves`, rows);
  const [shared, fresh, byPkijs, hostile, openssl] = rows;
  const against = (name, own, other, goal) =>
    report.ratio(name, own.perSecond / other.perSecond, {
      goal,
      cpu: own.perCpuSecond / other.perCpuSecond,
    });
  against('paths a second, one validator, against pkijs', shared, byPkijs, '≥ 10');
  against('paths a second, everything read anew, against pkijs', fresh, byPkijs);
  if (openssl !== undefined) {
    against('paths a second, one validator, against openssl verify', shared, openssl, '≥ 1.5');
  }
  report.ratio('hostile bag, seconds', hostile.wall, { goal: '≤ 1', cpu: hostile.cpu });
}

function ownSides(cases, { root, intermediate, leaves, at }) {
  const shared = () => {
    const judge = cases.openPaths(root, intermediate, at);
    for (const leaf of leaves) mustBe(judge(cases.decode(leaf)), true);
  };
  const fresh = () => {
    for (const leaf of leaves) mustBe(cases.judgeFresh({ root, intermediate, leaf, at }), true);
  };
  return [
    { name: 'zmint, one validator for all leaves', count: LEAVES, work: () => costOf(shared) },
    { name: 'zmint, everything read anew for each leaf', count: LEAVES, work: () => costOf(fresh) },
  ];
}

function pkijsSide({ root, intermediate, leaves, at }) {
  const judgeAll = async () => {
    for (const leaf of leaves.slice(0, PKIJS_LEAVES)) {
      mustBe(await judgeByPkijs({ root, intermediate, leaf, at }), true);
    }
  };
  return {
    name: 'pkijs, everything read anew for each leaf',
    count: PKIJS_LEAVES,
    work: () => costOf(judgeAll),
  };
}

async function judgeByPkijs({ root, intermediate, leaf, at }) {
  const read = (der) =>
    new pkijs.Certificate({ schema: asn1js.fromBER(Uint8Array.from(der).buffer).result });
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: [read(root)],
    certs: [read(intermediate), read(leaf)],
    checkDate: new Date(at * 1000),
  });
  return (await engine.verify()).result;
}

function opensslSides({ report, folder, cases, made: { root, intermediate, leaves, at } }) {
  const [missing] = missingPrograms(['openssl']);
  if (missing !== undefined) {
    report.missing(missing);
    return [];
  }
  const write = (name, der) => writeFileSync(join(folder, name), cases.pem(der));
  write('root.pem', root);
  write('intermediate.pem', intermediate);
  const files = leaves.map((leaf, index) => {
    write(`${index}.pem`, leaf);
    return `${index}.pem`;
  });
  const trust = ['-CAfile', 'root.pem', '-untrusted', 'intermediate.pem'];
  const command = ['openssl', 'verify', '-attime', String(at), ...trust, ...files];
  return [
    {
      name: 'openssl verify, one process',
      count: LEAVES,
      work: () => runProgram(command, { cwd: folder }),
    },
  ];
}

function mustBe(result, expected) {
  if (result !== expected) throw new Error(`a path was judged ${result}, not ${expected}`);
}
