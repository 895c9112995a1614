import { execFile } from 'node:child_process';
import { createECDH, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { costOf, inTurn } from './in-turn.mjs';
import { loadCases } from './load-cases.mjs';
import { missingPrograms } from './peers.mjs';

const CERTIFICATES = 10_000;
/** About as long as the to-be-signed part of a server's certificate. */
const SIGNED_OCTETS = 400;

/** Keys and certificates in memory, P-256, against the keys and signatures alone. */
export async function measureMint({ options, report, zones }) {
  const folder = zones.newPath('cases');
  mkdirSync(folder);
  const { openMint } = await loadCases('mint-cases', folder);
  const mint = await openMint();
  const sides = [
    { name: 'limit: keys and signatures by node:crypto', work: () => costOf(keysAndSignatures) },
    {
      name: 'zmint: keys and certificates',
      work: () => costOf(() => minted(mint.plain, mint.root)),
    },
    { name: 'zmint: with their rows', work: () => costOf(() => minted(mint.recorded, mint.root)) },
    { name: 'zmint: and each proved', work: () => costOf(() => minted(mint.proved, mint.root)) },
  ].map((side) => ({ ...side, count: CERTIFICATES }));
  const rows = await inTurn(sides, { rounds: options.rounds });
  report.table(`${CERTIFICATES} keys and certificates in memory, P-256`, rows);
  const [limit, plain, recorded, proved] = rows;
  const against = (name, row, goal) =>
    report.ratio(name, row.perSecond / limit.perSecond, {
      goal,
      cpu: row.perCpuSecond / limit.perCpuSecond,
    });
  against('mint in memory, against the limit (per core: by CPU)', plain, '≥ 0.75');
  against('with their rows', recorded);
  against('and each proved', proved);
  await showOpensslSpeed(report);
}

/** What nobody who makes a key and a signature for each server can do without. */
function keysAndSignatures() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = randomBytes(SIGNED_OCTETS);
  const maker = createECDH('prime256v1');
  for (let made = 0; made < CERTIFICATES; made += 1) {
    maker.generateKeys();
    maker.getPrivateKey();
    sign('sha256', data, privateKey);
  }
}

/** The first and the last are looked at by another reader, which costs nothing beside thousands. */
async function minted(mint, root) {
  const made = await mint(CERTIFICATES);
  const { publicKey } = new X509Certificate(root);
  for (const der of [made[0], made.at(-1)]) {
    const leaf = new X509Certificate(der);
    if (!leaf.verify(publicKey)) throw new Error(`${leaf.subject} was not signed by the root`);
  }
}

/** The signatures of a certificate authority that does nothing else, on one core. */
async function showOpensslSpeed(report) {
  const [missing] = missingPrograms(['openssl']);
  if (missing !== undefined) {
    report.missing(missing);
    return;
  }
  const words = ['speed', '-mr', '-seconds', '2', 'ecdsap256'];
  const { stdout } = await promisify(execFile)('openssl', words);
  const [, , , signatures, verifications] = /^\+F4:.*$/mu.exec(stdout)?.[0].split(':') ?? [];
  report.table('openssl speed, one core, P-256', [
    { name: 'signatures', perCpuSecond: Number(signatures) },
    { name: 'verifications', perCpuSecond: Number(verifications) },
  ]);
}
