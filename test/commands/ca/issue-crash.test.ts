import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../../bin/format-context.js';
import { readContainer } from '../../../src/operations/read-container.js';
import type { CommandLine } from '../../support/command-line.js';
import { FaultLine } from '../../support/fault-line.js';
import { issueScene, type IssueScene } from '../../support/issue-scene.js';

const PEM = 'zmint ca issue --name agent --out out --yes';
const WHENS = ['before', 'after'] as const;

let scene: IssueScene;
let at: CommandLine;
let folder: string;
let passphrase: string;

beforeEach(async () => {
  scene = await issueScene();
  ({ at, folder } = scene);
  passphrase = join(at.zoneHome, '../pass');
  writeFileSync(passphrase, 'of the file\n', { mode: 0o600 });
});

/** The fingerprint of the certificate in a file, whose key must be in one too. */
async function pairIn(files: readonly string[]): Promise<string> {
  const formats = createFormatContext();
  const passphrases = [new TextEncoder().encode('of the file')];
  const items = [];
  for (const name of files) {
    const bytes = Uint8Array.from(readFileSync(join(folder, name)));
    const encrypted = name.endsWith('.p12') ? passphrases : [];
    items.push(...(await readContainer(formats, { bytes, name, passphrases: encrypted })).items);
  }
  const [leaf] = items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : []));
  const [key] = items.flatMap((item) => (item.kind === 'key' ? [item.key.pkcs8] : []));
  const spki = formats.containers.publicKeyOf(key ?? new Uint8Array()) ?? new Uint8Array();
  expect(Buffer.compare(spki, leaf?.spki ?? new Uint8Array())).toBe(0);
  return formats.digest.sha256(leaf?.der ?? new Uint8Array());
}

describe('a crash before and after every effect of ca issue (I-4, I-11)', () => {
  const FORMS: readonly (readonly [form: string, options: string, files: readonly string[]])[] = [
    ['PEM files', '', ['ca.pem', 'certificate.pem', 'key.pem']],
    ['a PKCS#12 file', '--p12 --out-passphrase-file PASS', ['certificate.p12']],
  ];

  test.each(FORMS)(
    'of %s: the same command goes on, and no key of a certificate is lost',
    async (_form, options, files) => {
      const line = `${PEM} ${options.replace('PASS', passphrase)}`;
      const effects = await scene.effectsOf(line);
      expect(effects).toHaveLength(files.length === 1 ? 5 : 6);
      for (let index = 1; index <= effects.length; index += 1) {
        // Its derivations are slow, and before an effect is after the one before.
        for (const when of files.length === 1 ? WHENS.slice(1) : WHENS) {
          await scene.dieAt(line, { at: index, when });
          const recorded = await scene.issued();
          const { status, err } = await at.run(line);
          const whole = when === 'after' && index === effects.length;
          expect({ index, when, status, err }).toMatchObject({ status: whole ? 24 : 0 });
          expect(readdirSync(folder).sort()).toEqual(files);
          const all = await scene.issued();
          expect(all).toHaveLength(1);
          if (recorded.length === 1) expect(all).toEqual(recorded);
          const pair = files.filter((name) => name !== 'ca.pem');
          expect(await pairIn(pair)).toBe(all[0]?.sha256);
        }
      }
    },
    120_000,
  );

  test('and then before every effect of the second run', async () => {
    const effects = await scene.effectsOf(PEM);
    for (let second = 1; second <= 4; second += 1) {
      await scene.dieAt(PEM, { at: effects.length - 2, when: 'before' });
      at.faults = new FaultLine({ at: second, when: 'before' });
      await at.run(PEM);
      delete at.faults;
      if (!existsSync(join(folder, 'key.pem'))) await at.given([PEM]);
      expect(await scene.issued()).toHaveLength(1);
      expect(await pairIn(['certificate.pem', 'key.pem'])).toBe((await scene.issued())[0]?.sha256);
    }
  }, 60_000);

  test('with --force over older files: the old key stays until the new one is whole', async () => {
    const line = `${PEM} --force`;
    await at.given([PEM]);
    const [old] = await scene.issued();
    const before = readFileSync(join(folder, 'key.pem'), 'utf8');
    at.faults = new FaultLine({ at: 6, when: 'before' });
    await at.run(line);
    delete at.faults;
    expect(readFileSync(join(folder, 'key.pem'), 'utf8')).toBe(before);
    expect((await at.run(PEM)).status).toBe(24);
    await at.given([line]);
    const next = (await scene.issued()).find(({ sha256 }) => sha256 !== old?.sha256);
    expect(await pairIn(['certificate.pem', 'key.pem'])).toBe(next?.sha256);
  });
});

describe('what a run that died has left', () => {
  /** Dies when the certificate is recorded and nothing is handed out. */
  async function leave(): Promise<void> {
    at.faults = new FaultLine({ at: 4, when: 'before' });
    await at.run(PEM);
    delete at.faults;
    expect(readdirSync(folder)).toEqual(['key.pem.partial']);
  }

  test('is taken up without the key of the CA, and the plan says so', async () => {
    await leave();
    rmSync(join(at.zoneHome, 'servers/ca1/certificate-authority/1/key.enc'));
    const { status, err } = await at.run(PEM);
    expect({ status, said: err.includes('already, by a run that ended too soon') }).toEqual({
      status: 0,
      said: true,
    });
  });

  test.each([
    ['another name', PEM.replace('agent', 'other')],
    ['another purpose', `${PEM} --eku codeSigning`],
    ['a further name', `${PEM} --san uri:spiffe://example.com/x`],
    ['--force', `${PEM.replace('agent', 'other')} --force`],
  ])('is left alone by a command with %s', async (_what, line) => {
    await leave();
    const { status, err } = await at.run(line);
    expect({ status, named: err.includes('that of CN=agent') }).toEqual({
      status: 24,
      named: true,
    });
    await at.given([PEM]);
  });

  test('is not handed out once it is revoked', async () => {
    await leave();
    const [one] = await scene.issued();
    await at.given([`zmint ca revoke ${one?.sha256 ?? ''} --reason superseded --yes`]);
    expect((await at.run(PEM)).status).toBe(24);
    rmSync(join(folder, 'key.pem.partial'));
    await at.given([PEM]);
    expect(await scene.issued()).toHaveLength(2);
  });

  test('in a PKCS#12 file wants the passphrase of then', async () => {
    const line = `${PEM} --p12 --out-passphrase-file ${passphrase}`;
    at.faults = new FaultLine({ at: 4, when: 'before' });
    await at.run(line);
    delete at.faults;
    const bytes = readFileSync(join(folder, 'certificate.p12.partial'), 'utf8');
    expect(bytes).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    writeFileSync(passphrase, 'a slip of the fingers\n', { mode: 0o600 });
    expect((await at.run(line)).status).toBe(12);
    expect(readFileSync(join(folder, 'certificate.p12.partial'), 'utf8')).toBe(bytes);
    writeFileSync(passphrase, 'of the file\n', { mode: 0o600 });
    await at.given([line]);
  });

  test('that zmint did not write is nobody’s to replace', async () => {
    writeFileSync(join(folder, 'key.pem.partial'), 'my notes\n');
    const { status } = await at.run(`${PEM} --force`);
    expect(status).toBe(24);
    expect(readFileSync(join(folder, 'key.pem.partial'), 'utf8')).toBe('my notes\n');
  });
});
