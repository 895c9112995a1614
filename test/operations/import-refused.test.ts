import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandLine } from '../support/command-line.js';
import { makeExternalCa, type ExternalCa, type SigningWish } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { stamp } from '../support/placed-pki.js';
import { NOON } from '../support/test-zone.js';

const DAY = 86_400;

let ca: ExternalCa;
let at: CommandLine;
let world: ImportWorld;
const file: ImportWorld['file'] = (name, bytes) => world.file(name, bytes);
const csr: ImportWorld['csr'] = (server) => world.csr(server);
const signed: ImportWorld['signed'] = (server, wish, name) => world.signed(server, wish, name);
const expectRefused: ImportWorld['expectRefused'] = (line, refusal) =>
  world.expectRefused(line, refusal);

beforeAll(() => {
  ca = makeExternalCa();
});

beforeEach(async () => {
  world = await importWorld(ca);
  ({ at } = world);
});

describe('an import is refused, and nothing is changed', () => {
  test.each<[string, SigningWish, number, string]>([
    [
      'that has expired',
      { notBefore: stamp(-9 * DAY, NOON), notAfter: stamp(-2 * DAY, NOON) },
      23,
      'is not valid after',
    ],
    ['that is not valid yet', { notBefore: stamp(3 * DAY, NOON) }, 23, 'not valid before'],
    ['of a CA instead of a server', { ca: true }, 24, "made a CA's certificate of the request"],
    ['for another name', { names: 'DNS:other.example.com' }, 24, 'is not for web1.example.com'],
    ['that is not for servers', { eku: 'clientAuth' }, 24, 'not for server authentication'],
    ['of a stranger', { by: 'stranger' }, 22, 'Example stranger'],
  ])('for a certificate %s', async (_fact, wish, code, said) => {
    // With names of its own the CA does not copy those of the request.
    signed('web1', wish);
    await expectRefused('zmint ssl import web1.cer --yes', { status: code, said });
  });

  test('for a certificate that is not valid any more at the activation', async () => {
    signed('web1', { notAfter: stamp(2 * DAY, NOON) });
    await expectRefused('zmint ssl import web1.cer --activate-at 10d --yes', {
      status: 23,
      said: 'is not valid after',
    });
  });

  test('without an intermediate that nobody has', async () => {
    world = await importWorld(ca, [
      'zmint init --name E --server web1 --dns web1.example.com --ca external --chain root.pem --yes',
      'zmint generate-csr web1 --out . --yes',
    ]);
    ({ at } = world);
    signed('web1');
    await expectRefused('zmint ssl import web1.cer --yes', { status: 22, said: 'Issuing CA 1' });
    file('between.pem', ca.intermediate);
    expect((await at.run('zmint ssl import between.pem web1.cer --yes')).status).toBe(0);
    expect(world.live('web1').chain).toHaveLength(1);
  });

  test('for a key that does not match', async () => {
    const request = ca
      .openssl('req', '-new', '-key', 'stranger.key', '-subj', '/CN=web1.example.com')
      .toString();
    file('odd.cer', ca.sign(request, { names: 'DNS:web1.example.com' }));
    const ran = await expectRefused('zmint ssl import odd.cer --yes', {
      status: 21,
      said: 'fits no key of web1',
    });
    expect(ran.err).toContain('request 1 waits');
    file('else.cer', ca.sign(request, { names: 'DNS:else.example.com' }));
    await expectRefused('zmint ssl import else.cer --yes', {
      status: 21,
      said: 'for no server of the zone',
    });
  });

  test('for the request of another server than was said', async () => {
    signed('web1');
    await expectRefused('zmint ssl import web1.cer --server web2 --yes', {
      status: 24,
      said: 'made for the request of web1, not of web2',
    });
  });

  test.each([
    ['a CA alone', () => file('a', ca.intermediate), 24, "no server's certificate with it"],
    ['a request', () => file('a', csr('web1')), 24, 'there is no certificate in the import'],
    ['no certificate at all', () => file('a', 'hello'), 20, 'neither PEM nor DER'],
    ['a damaged one', () => file('a', ca.root.replace(/M/gu, '!')), 20, 'line'],
  ])('for %s', async (_what, make, code, said) => {
    await expectRefused(`zmint ssl import ${make()} --yes`, { status: code, said });
  });

  test('as a whole when one of many is wrong: nothing is imported by halves', async () => {
    signed('web1');
    signed('web2', { notAfter: stamp(-DAY, NOON), notBefore: stamp(-9 * DAY, NOON) });
    const ran = await expectRefused('zmint ssl import web1.cer web2.cer --yes', {
      status: 23,
      said: 'web2.cer',
    });
    expect(ran.err).toContain('REFUSED');
    expect(ran.err).toContain('Nothing was changed.');
    const json = await at.run('zmint ssl import web1.cer web2.cer --yes --json');
    expect(json.json()).toMatchObject({
      schema: 'zmint.error/1',
      code: 'not-valid-then',
      details: { rows: [{ outcome: 'taken', servers: ['web1'] }, { outcome: 'refused' }] },
    });
  });

  test('while files of a person lie in the remint-repo', async () => {
    signed('web1');
    writeFileSync(join(at.zoneHome, 'servers/web1/remint-repo/server.crt'), ca.sign(csr('web2')));
    await expectRefused('zmint ssl import web1.cer --yes', {
      status: 24,
      said: 'the remint-repo of web1 holds other files',
    });
  });

  test('while another operation on the server waits', async () => {
    signed('web1');
    await at.given(['zmint ssl import web1.cer --activate-at 36h --yes']);
    await at.given(['zmint generate-csr web1 --out . --yes']);
    signed('web1', {}, 'more.cer');
    await expectRefused('zmint ssl import more.cer --yes', { status: 13, said: 'op-1' });
  });
});
