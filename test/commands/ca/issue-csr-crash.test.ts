import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeKeys } from '../../../src/adapters/crypto/keys.js';
import { makeAuthorityRequest } from '../../../src/operations/make-authority-request.js';
import { encodeDistinguishedName } from '../../../src/x509/distinguished-name.js';
import type { CommandLine } from '../../support/command-line.js';
import { FaultLine } from '../../support/fault-line.js';
import { issueScene, type IssueScene } from '../../support/issue-scene.js';

const CSR = 'zmint ca issue --name agent --csr a.csr --out out --yes';
const FILES = ['ca.pem', 'certificate.pem'];
const WHENS = ['before', 'after'] as const;

let scene: IssueScene;
let at: CommandLine;
let folder: string;

beforeEach(async () => {
  scene = await issueScene();
  ({ at, folder } = scene);
  await layRequest('a.csr');
  await layRequest('b.csr');
});

async function layRequest(name: string): Promise<void> {
  const keys = createNodeKeys();
  const signer = await keys.signer((await keys.generate('ec:P-256')).pkcs8);
  const csr = await makeAuthorityRequest({ keys }, encodeDistinguishedName([]), signer);
  writeFileSync(join(at.zoneHome, '..', name), csr);
}

/** The fingerprint of the certificate that was handed out. */
function handedOut(path = join(folder, 'certificate.pem')): string {
  const [leaf] = readFileSync(path, 'utf8').split(/(?<=-----END CERTIFICATE-----)/u);
  return new X509Certificate(leaf ?? '').fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Dies when the certificate is recorded and nothing is handed out. */
async function leave(line = CSR): Promise<string> {
  const known = (await scene.issued()).map(({ sha256 }) => sha256);
  at.faults = new FaultLine({ at: 4, when: 'before' });
  await at.run(line);
  delete at.faults;
  expect(readdirSync(folder)).toContain('certificate.pem.partial');
  const [fresh] = (await scene.issued()).filter(({ sha256 }) => !known.includes(sha256));
  return fresh?.sha256 ?? '';
}

describe('a crash before and after every effect of ca issue with a request (I-11)', () => {
  test.each([
    ['a folder', CSR, 6],
    ['a file', CSR.replace('out out', 'out out/certificate.pem'), 5],
  ])(
    'into %s: the same command goes on, and issues no second one',
    async (_what, line, count) => {
      const effects = await scene.effectsOf(line);
      expect(effects).toHaveLength(count);
      for (let index = 1; index <= effects.length; index += 1) {
        for (const when of WHENS) {
          await scene.dieAt(line, { at: index, when });
          const recorded = await scene.issued();
          const { status } = await at.run(line);
          const whole = when === 'after' && index === effects.length;
          expect({ index, when, status }).toEqual({ index, when, status: whole ? 24 : 0 });
          expect(readdirSync(folder).sort()).toEqual(FILES.slice(6 - count));
          const all = await scene.issued();
          expect(all.map(({ sha256 }) => sha256)).toEqual([handedOut()]);
          if (recorded.length === 1) expect(all).toEqual(recorded);
        }
      }
    },
    60_000,
  );

  test('and then before every effect of the second run', async () => {
    for (let second = 1; second <= 3; second += 1) {
      scene.again();
      const recorded = await leave();
      at.faults = new FaultLine({ at: second, when: 'before' });
      await at.run(CSR);
      expect(at.faults.crashed).toBe(true);
      delete at.faults;
      await at.given([CSR]);
      expect(handedOut()).toBe(recorded);
      expect(await scene.issued()).toHaveLength(1);
    }
  }, 60_000);

  test('what was handed out is not handed out for a new one', async () => {
    await at.given([CSR]);
    const first = handedOut();
    at.now += 60;
    await at.given([CSR.replace('--out out', '--out out/other.pem')]);
    expect(handedOut(join(folder, 'other.pem'))).not.toBe(first);
    at.now += 60;
    const third = await leave(`${CSR} --force`);
    expect((await at.run(CSR)).status).toBe(24);
    expect(handedOut()).toBe(first);
    at.now += 60;
    await at.given([`${CSR} --force`]);
    expect(handedOut()).toBe(third);
    expect(await scene.issued()).toHaveLength(3);
    await at.given([CSR.replace(' --out out', '')]);
    expect(await scene.issued()).toHaveLength(4);
  });

  test('a run that died before its certificate was recorded does not bring up an older one', async () => {
    await at.given([CSR]);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    at.now += 60;
    at.faults = new FaultLine({ at: 1, when: 'after' });
    await at.run(CSR);
    delete at.faults;
    expect(readdirSync(folder)).toEqual(['certificate.pem.partial']);
    await at.given([CSR]);
    expect(await scene.issued()).toHaveLength(2);
  });

  test.each([
    ['another name', CSR.replace('agent', 'other')],
    ['another purpose', `${CSR} --eku codeSigning`],
    ['another request', CSR.replace('a.csr', 'b.csr')],
    ['--force', `${CSR.replace('a.csr', 'b.csr')} --force`],
  ])('what waits is left alone by a command with %s', async (_what, line) => {
    const recorded = await leave();
    const { status, err } = await at.run(line);
    const named = err.includes('that of CN=agent');
    expect({ status, named }).toEqual({ status: 24, named: true });
    await at.given([CSR]);
    expect(handedOut()).toBe(recorded);
  });

  test('without a record the place is free for another request', async () => {
    at.faults = new FaultLine({ at: 2, when: 'before' });
    await at.run(CSR);
    delete at.faults;
    await at.given([CSR.replace('a.csr', 'b.csr')]);
    expect(await scene.issued()).toHaveLength(1);
  });

  test('a file that zmint did not write is nobody’s to replace', async () => {
    const path = join(folder, 'certificate.pem.partial');
    for (const text of ['my notes\n', 'zmint ca issue: key 12, at 3\n', '']) {
      writeFileSync(path, text);
      expect((await at.run(`${CSR} --force`)).status).toBe(24);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(await scene.issued()).toEqual([]);
  });
});
