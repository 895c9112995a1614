import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createFormatContext } from '../../../bin/format-context.js';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { readContainer } from '../../../src/operations/read-container.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';

let at: CommandLine;
let folder: string;

beforeEach(async () => {
  at = commandLine();
  await at.given(SMALL_ZONE);
  folder = join(at.zoneHome, '../out');
  mkdirSync(folder);
});

describe('zmint ca issue', () => {
  test('puts the key where only its owner reads it, and tells it nowhere', async () => {
    const { status, out, err } = await at.run('zmint ca issue --name agent --out out --json --yes');
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['ca.pem', 'certificate.pem', 'key.pem']);
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    const key = readFileSync(join(folder, 'key.pem'), 'utf8');
    const [, body = ''] = key.split('\n');
    expect(body.length).toBeGreaterThan(40);
    expect(out + err).not.toContain(body);
    expect(out).not.toContain('PRIVATE KEY');
    const events = (await at.run('zmint event list --json')).out;
    expect(events).toContain('certificate-issued');
    expect(events).not.toContain(body);
  });

  test('writes over nothing without --force, and issues nothing then', async () => {
    await at.given(['zmint ca issue --name agent --out out --yes']);
    const before = (await at.run('zmint ca list --issued --json')).out;
    expect(await at.run('zmint ca issue --name agent --out out --yes')).toMatchObject({
      status: 24,
    });
    expect((await at.run('zmint ca list --issued --json')).out).toBe(before);
    await at.given(['zmint ca issue --name agent --out out --force --yes']);
  });

  test('makes a PKCS#12 file that its passphrase opens', async () => {
    writeFileSync(join(folder, 'pass'), 'of the file\n', { mode: 0o600 });
    const given = `--out-passphrase-file ${join(folder, 'pass')}`;
    await at.given([`zmint ca issue --name Ann --p12 ${given} --out out --yes`]);
    const path = join(folder, 'certificate.p12');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { items } = await readContainer(createFormatContext(), {
      bytes: Uint8Array.from(readFileSync(path)),
      name: path,
      passphrases: [new TextEncoder().encode('of the file')],
    });
    const kinds = items.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['certificate', 'certificate', 'key']);
    const unasked = await at.run('zmint ca issue --name Bob --p12 --out out --force --yes');
    expect(unasked).toMatchObject({ status: 2 });
  });

  test('lists what it issued, and its revocation', async () => {
    await at.given([
      'zmint ca issue --name agent --out out --yes',
      'zmint ca issue --subordinate --name "Lab CA" --permit-dns lab.example.com --out out --force --yes',
      'zmint ca revoke out/certificate.pem --reason cessation-of-operation --yes',
    ]);
    const { json } = await at.run('zmint ca list --issued --json');
    expect(json()).toMatchObject({
      certificates: [
        { subject: 'CN=agent', purposes: ['clientAuth'], status: 'active' },
        { subject: 'CN=Lab CA', purposes: ['CA'], status: 'revoked', state: 'revoked' },
      ],
    });
    expect((await at.run('zmint check')).status).toBe(0);
  });

  test.each([
    ['zmint ca issue --out out', 'whom is it for'],
    ['zmint ca issue --name x', 'where is the key to go'],
    ['zmint ca issue --name x --out out --days 1 --years 1', 'exclude each other'],
    ['zmint ca issue --name x --out out --permit-dns a.example', 'are for --subordinate'],
    ['zmint ca issue --name x --out out --subordinate --eku clientAuth', 'a CA has no --eku'],
    ['zmint ca issue --name x --csr a.csr --p12 --out out', 'takes the key, which is not here'],
    ['zmint ca issue --name x --out nowhere', 'nowhere is not there'],
    ['zmint ca issue --name x --out out --eku everything', 'is not one of'],
  ])('%s is wrong usage', async (line, told) => {
    const { status, err } = await at.run(`${line} --yes`);
    expect({ status, told: err.includes(told) }).toEqual({ status: 2, told: true });
  });
});
