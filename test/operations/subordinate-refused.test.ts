import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import {
  SUBORDINATE,
  subordinateWorld,
  type SubordinateWorld,
} from '../support/subordinate-world.js';
import { stamp } from '../support/placed-pki.js';
import { NOON } from '../support/test-zone.js';

const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const DAY = 86_400;

let company: ExternalCa;
let world: SubordinateWorld;

beforeAll(async () => {
  company = makeExternalCa();
  world = await subordinateWorld(company);
});

/** What the company makes of the request, with what it puts beside it. */
function bundle(own: string, ...above: readonly string[]): string {
  return world.file('refused.pem', own + above.join(''));
}

function sign(wish: Parameters<ExternalCa['sign']>[1] = {}): string {
  return company.sign(world.csr(), { extensions: SUBORDINATE, ...wish });
}

function below(name: string, extensions: string, wish = {}): readonly [string, string] {
  const above = company.authority(name, { extensions });
  return [sign({ by: name, ...wish }), above];
}

function otherKey(): string {
  company.openssl('req', '-new', '-key', 'stranger.key', '-subj', '/CN=Example', '-out', 'x.csr');
  const csr = company.openssl('req', '-in', 'x.csr').toString();
  return company.sign(csr, { extensions: SUBORDINATE });
}

const REFUSED: readonly (readonly [what: string, () => string, status: number, said: string])[] = [
  [
    'for another key',
    () => bundle(otherKey(), company.intermediate, company.root),
    21,
    'none of the certificates is for the key of CN=Example',
  ],
  ['without the root', () => bundle(sign(), company.intermediate), 22, 'certificate is missing'],
  ['without its issuer', () => bundle(sign(), company.root), 22, 'certificate is missing'],
  [
    'under another root',
    () => bundle(sign(), company.intermediate, company.stranger),
    22,
    'certificate is missing',
  ],
  [
    'that has expired',
    () =>
      bundle(
        sign({ notBefore: stamp(-9 * DAY, NOON), notAfter: stamp(-DAY, NOON) }),
        company.intermediate,
        company.root,
      ),
    23,
    'is not valid after',
  ],
  [
    'that is not valid yet',
    () => bundle(sign({ notBefore: stamp(DAY, NOON) }), company.intermediate, company.root),
    23,
    'is not valid before',
  ],
  [
    'that is no CA',
    () =>
      bundle(
        sign({ extensions: 'basicConstraints=critical,CA:FALSE\n' }),
        company.intermediate,
        company.root,
      ),
    24,
    'is not the certificate of a CA',
  ],
  [
    'that may not sign certificates',
    () =>
      bundle(
        sign({ extensions: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n' }),
        company.intermediate,
        company.root,
      ),
    24,
    'may not sign certificates',
  ],
  [
    'signed with SHA-1',
    () => bundle(sign({ digest: 'sha1' }), company.intermediate, company.root),
    24,
    'ecdsa-with-SHA1',
  ],
  [
    'below a CA that allows none below itself',
    () => {
      const [own, above] = below('short', SUBORDINATE);
      return bundle(own, above, company.root);
    },
    24,
    'allows 0 CAs below itself',
  ],
  [
    'below a CA that is not for servers',
    () => {
      const [own, above] = below('mail', `${CA}extendedKeyUsage=emailProtection\n`);
      return bundle(own, above, company.root);
    },
    24,
    'is not for the purpose',
  ],
  [
    'whose own constraints do not allow a server',
    () =>
      bundle(
        sign({
          extensions: `${CA}nameConstraints=critical,permitted;DNS:web1.example.com\n`,
        }),
        company.intermediate,
        company.root,
      ),
    24,
    'names of web2',
  ],
  [
    'below a CA whose constraints allow no server',
    () => {
      const [own, above] = below(
        'narrow',
        `${CA}nameConstraints=critical,permitted;DNS:example.org\n`,
      );
      return bundle(own, above, company.root);
    },
    24,
    'web1.example.com',
  ],
];

describe('a certificate of the CA', () => {
  test.each(REFUSED)('%s is refused and nothing changes', async (_what, make, status, said) => {
    const file = make();
    const ran = await expectUnchanged(world.at, `zmint ssl import ${file} --yes`);
    expect(ran.err).toContain(said);
    expect(ran.status).toBe(status);
  });

  test('names all servers that the constraints break', async () => {
    const [own, above] = below(
      'outside',
      `${CA}nameConstraints=critical,excluded;DNS:example.com\n`,
    );
    const file = bundle(own, above, company.root);
    const { json } = await world.at.run(`zmint ssl import ${file} --yes --json`);
    expect(json()).toMatchObject({
      code: 'policy',
      details: { refused: [{ server: 'web1' }, { server: 'web2' }] },
    });
  });

  test.each([
    ['zmint ssl remint web1 --yes', 13, 'waits for its certificate'],
    ['zmint ssl remint --ca --yes', 13, 'waits for its certificate'],
    ['zmint ssl remint --all --yes', 13, 'waits for its certificate'],
    ['zmint server add web3 --dns web3.example.com --yes', 13, 'waits for its certificate'],
    ['zmint ca show', 13, 'waits for its certificate'],
    ['zmint ca export', 13, 'waits for its certificate'],
  ])('%s says that the CA waits', async (line, status, said) => {
    const ran = await expectUnchanged(world.at, line);
    expect(ran.err).toContain(said);
    expect(ran.err).toMatch(/hint: (?:zmint ssl import FILE|add it with --no-mint)/u);
    expect(ran.status).toBe(status);
  });

  test('is pointed at by everything that looks', async () => {
    const next = { command: 'zmint ssl import FILE' };
    const { json } = await world.at.run('zmint status --json');
    expect(json()).toMatchObject({ ca: null, awaited: { subject: 'CN=Example' }, next });
    const waits = 'waits for its certificate';
    expect((await world.at.run('zmint status')).out).toContain(waits);
    expect((await world.at.run('zmint doctor')).out).toContain(waits);
    expect((await world.at.run('zmint ssl list')).err).toContain(waits);
    expect(await world.at.run('zmint check')).toMatchObject({ status: 1 });
    expect((await world.at.run('zmint check')).out).toContain(waits);
    expect((await world.at.run('zmint generate-csr --ca')).out).toBe(world.csr());
  });

  test('is wanted by no zone that has asked for none', async () => {
    const own = await subordinateWorld(company, [
      'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
    ]);
    const chain = own.file('chain.pem', company.intermediate + company.root);
    const ran = await expectUnchanged(own.at, `zmint ssl import ${chain} --yes`);
    expect(ran).toMatchObject({ status: 17 });
    expect(ran.err).toContain('no CA of this zone waits');
    expect((await own.at.run('zmint generate-csr --ca')).status).toBe(17);
  });

  test('is taken once', async () => {
    const done = await subordinateWorld(company);
    const file = done.signed();
    await done.at.given([`zmint ssl import ${file} --yes`]);
    expect(await expectUnchanged(done.at, `zmint ssl import ${file} --yes`)).toMatchObject({
      status: 17,
    });
  });
});

describe('a zone under a company root', () => {
  test.each([
    ['--ca external --chain chain.pem --subordinate', '--subordinate is for --ca internal'],
    ['--subordinate --years 3', 'the CA above decides'],
    ['--out x.csr', '--out is for --subordinate'],
  ])('%s is wrong usage', async (options, said) => {
    const empty = await subordinateWorld(company, []);
    const line = `zmint init --name Example --server web1 --dns web1.example.com ${options} --no-passphrase --yes`;
    const ran = await empty.at.run(line);
    expect(ran).toMatchObject({ status: 2 });
    expect(ran.err).toContain(said);
  });
});

describe('while the first CA waits', () => {
  const pending = { status: 13, said: 'the CA of the zone waits for its certificate' };
  test.each([
    ['zmint ca crl --yes', pending],
    ['zmint ca issue --name agent --out . --yes', pending],
    [
      'zmint ca revoke web2 --reason superseded --yes',
      { status: 17, said: 'web2 has no certificate in use' },
    ],
    ['zmint generate-csr --ca --out missing', { status: 2, said: 'missing is not there' }],
  ])('%s says what is missing', async (line, { status, said }) => {
    const ran = await expectUnchanged(world.at, line);
    expect({ status: ran.status, err: ran.err }).toEqual({
      status,
      err: expect.stringContaining(said) as unknown,
    });
  });
});
