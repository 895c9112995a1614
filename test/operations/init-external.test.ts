import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';

const INIT = 'zmint init --name Example --server web1 --dns web1.example.com --ca external';

let ca: ExternalCa;

beforeAll(() => {
  ca = makeExternalCa();
});

function withChain(bytes: string | Uint8Array): CommandLine {
  const at = commandLine();
  writeFileSync(join(at.zoneHome, '..', 'chain.pem'), bytes);
  return at;
}

describe('a zone with an external CA', () => {
  test('trusts the root of the chain, in whatever order it came', async () => {
    for (const chain of [ca.intermediate + ca.root, ca.root + ca.intermediate, ca.root]) {
      const at = withChain(chain);
      const { status, err, json } = await at.run(`${INIT} --chain chain.pem --yes --json`);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(json()).toMatchObject({
        zone: { custody: 'external' },
        authority: { kind: 'external', subject: 'CN=Example root,O=Example Trust' },
      });
      const shown = await at.run('zmint ca show --json');
      expect(shown.json()).toMatchObject({ kind: 'external', state: 'active' });
      expect((await at.run('zmint doctor')).status).toBe(0);
    }
  });

  test('says that it sorted the chain', async () => {
    const at = withChain(ca.root + ca.intermediate);
    const { err } = await at.run(`${INIT} --chain chain.pem --dry-run`);
    expect(err).toContain('it was sorted, the root last');
    const right = withChain(ca.intermediate + ca.root);
    expect((await right.run(`${INIT} --chain chain.pem --dry-run`)).err).not.toContain('sorted');
  });

  test('takes PKCS#7 and DER', async () => {
    writeFileSync(join(ca.folder, 'all.pem'), ca.root + ca.intermediate);
    const p7 = ['crl2pkcs7', '-nocrl', '-certfile', 'all.pem', '-outform', 'DER'];
    const der = ['x509', '-in', 'root.pem', '-outform', 'DER'];
    for (const bytes of [ca.openssl(...p7), ca.openssl(...der)]) {
      const { status } = await withChain(bytes).run(`${INIT} --chain chain.pem --yes`);
      expect(status).toBe(0);
    }
  });

  test.each([
    ['without its root', () => ca.intermediate, 22, 'has no root'],
    ['with two roots', () => ca.root + ca.stranger, 24, 'more than one root'],
    ['with a certificate of another CA', () => ca.stranger + ca.intermediate, 22, 'Issuing CA 1'],
    [
      'with a server in it',
      () =>
        ca.root +
        ca.sign(ca.openssl('req', '-new', '-key', 'root.key', '-subj', '/CN=x').toString(), {
          names: 'DNS:x',
        }),
      24,
      'is not the certificate of a CA',
    ],
    ['that is no certificate', () => 'nothing', 20, 'chain.pem'],
  ])('a chain %s is refused, and nothing is made', async (_name, chain, status, fact) => {
    const at = withChain(chain());
    const ran = await at.run(`${INIT} --chain chain.pem --yes`);
    expect(ran.err).toContain(fact);
    expect(ran.status).toBe(status);
    expect((await at.run('zmint status')).status).toBe(10);
  });

  test('a root that has expired is refused', async () => {
    const at = withChain(ca.root + ca.intermediate);
    at.now += 20 * 365 * 86_400;
    const ran = await at.run(`${INIT} --chain chain.pem --yes`);
    expect(ran.err).toContain('the root CN=Example root,O=Example Trust');
    expect(ran.status).toBe(23);
  });

  test.each(['--years 5', '--common-name X', '--no-passphrase'])(
    '%s is for an own CA',
    async (option) => {
      const at = withChain(ca.root);
      expect((await at.run(`${INIT} --chain chain.pem ${option} --yes`)).status).toBe(2);
    },
  );

  test('leads to the chain of the next CA when the root is about to expire', async () => {
    const at = withChain(ca.intermediate + ca.root);
    await at.given([`${INIT} --chain chain.pem --yes`]);
    at.now += 3600 * 86_400;
    const next = { next: { command: 'zmint ca change --to external --chain FILE' } };
    expect((await at.run('zmint status --json')).json()).toMatchObject(next);
    expect((await at.run('zmint doctor')).out).toContain(next.next.command);
    at.now += 200 * 86_400;
    expect((await at.run('zmint status --json')).json()).toMatchObject(next);
  });

  test('servers are added without a certificate, and the next thing to type leads on', async () => {
    const at = withChain(ca.intermediate + ca.root);
    await at.given([
      `${INIT} --chain chain.pem --yes`,
      'zmint server add web2 --dns web2.example.com --yes',
    ]);
    const { out } = await at.run('zmint ssl list');
    expect(out.match(/No certificate/gu)).toHaveLength(2);
    expect((await at.run('zmint generate-csr --all --yes')).status).toBe(0);
    expect((await at.run('zmint ssl list')).out.match(/CSR generated/gu)).toHaveLength(2);
  });
});
