import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';
import { picture } from '../support/zone-fsck.js';

/** An internal zone with two servers, and the chain of an external CA beside it. */
const INTERNAL: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
  'zmint server add web2 --dns web2.example.com --yes',
];
const CHANGE = 'zmint ca change --no-backup-check --to external --chain chain.pem';
const HAND_OUT = 'zmint generate-csr --waiting --out .';

/** Files of a person are left alone until they have rested so long, in milliseconds. */
const RESTED = 5_200;

let ca: ExternalCa;
let other: ExternalCa;

beforeAll(() => {
  ca = makeExternalCa();
  other = makeExternalCa();
});

/** The change has begun, and the requests lie beside the zone. */
function changing(...more: readonly string[]): Promise<ImportWorld> {
  return importWorld(ca, [...INTERNAL, ...more, `${CHANGE} --yes`, HAND_OUT]);
}

function phaseOf(json: Record<string, unknown>): unknown {
  const { operation } = json as { readonly operation?: { readonly phase: string } };
  return operation?.phase;
}

async function missingIn(world: ImportWorld): Promise<readonly unknown[]> {
  const { operations } = (await world.at.run('zmint update readiness --json')).json() as {
    readonly operations: readonly { readonly missing: readonly unknown[] }[];
  };
  return operations.flatMap(({ missing }) => missing);
}

/** Live sets, published trust and what waits, without names of sets that nobody sees. */
function visible(world: ImportWorld): ReadonlyMap<string, string> {
  const shown = /security\/live|truststore|remint-repo\/(?!server\.csr)/u;
  return new Map([...picture(world.at.zoneHome)].filter(([path]) => shown.test(path)));
}

describe('a change to an external CA', () => {
  test('spreads the trust in both roots first; nothing serves a new certificate', async () => {
    const world = await changing();
    for (const server of ['web1', 'web2']) {
      const { chain, trust } = world.live(server);
      expect({ chain, roots: trust.length }).toEqual({ chain: [], roots: 2 });
    }
    const reason = 'waits for its certificate from the new CA';
    expect(await missingIn(world)).toMatchObject([
      { member: 'web1', reason },
      { member: 'web2', reason },
    ]);
    expect((await world.at.run('zmint ssl activate --now --yes')).status).toBe(14);
    expect((await world.at.run('zmint doctor')).status).toBe(0);
  });

  test('takes each certificate as it comes, and activates with the last one', async () => {
    const world = await changing();
    const first = await world.at.run(`zmint ssl import ${world.signed('web2')} --yes --json`);
    expect(phaseOf(first.json())).toBe('armed');
    expect(await missingIn(world)).toMatchObject([{ member: 'web1' }]);
    const last = await world.at.run(`zmint ssl import ${world.signed('web1')} --yes --json`);
    expect(phaseOf(last.json())).toBe('active');
    for (const server of ['web1', 'web2']) expect(world.live(server).chain).toHaveLength(1);
    expect(await world.status()).toEqual({ web1: 'active', web2: 'active' });
  });

  test('takes a certificate that was placed beside the request', async () => {
    const world = await changing();
    for (const server of ['web1', 'web2']) {
      const path = join(world.at.zoneHome, 'servers', server, 'remint-repo/server.cer');
      writeFileSync(path, ca.sign(world.csr(server)));
    }
    await pause(RESTED);
    const { operations } = (await world.at.run('zmint ssl resume --json')).json() as {
      readonly operations: readonly Record<string, unknown>[];
    };
    expect(operations.map(phaseOf)).toEqual(['active']);
  }, 30_000);

  test('a placed certificate of another CA is told, and the server goes on waiting', async () => {
    const world = await changing();
    const path = join(world.at.zoneHome, 'servers/web1/remint-repo/server.cer');
    writeFileSync(path, other.sign(world.csr('web1')));
    await pause(RESTED);
    await world.at.run('zmint ssl resume');
    expect(await missingIn(world)).toMatchObject([
      { member: 'web1', reason: expect.stringContaining('Issuing CA 1') as unknown },
      { member: 'web2' },
    ]);
    rmSync(path);
    world.signed('web1');
    await world.at.given([`zmint ssl import ${world.signed('web2')} web1.cer --yes`]);
    expect(world.live('web1').chain).toHaveLength(1);
  }, 30_000);

  test('refuses what the former CA or a stranger signed, and an instant of its own', async () => {
    const world = await changing();
    const stranger = world.file('other.cer', other.sign(world.csr('web1')));
    await world.expectRefused(`zmint ssl import ${stranger} --yes`, {
      status: 22,
      said: 'Issuing CA 1',
    });
    const good = world.signed('web1');
    await world.expectRefused(`zmint ssl import ${good} --activate-at 36h --yes`, {
      status: 2,
      said: 'activated with op-1',
    });
    await world.expectRefused('zmint ssl remint web1 --yes', {
      status: 13,
      said: 'change of the CA',
    });
    await world.expectRefused(`${CHANGE} --yes`, { status: 13, said: 'op-1' });
  });

  test('cancel brings back what was live and trusted, to the byte', async () => {
    const world = await importWorld(ca, INTERNAL);
    const before = visible(world);
    await world.at.given([`${CHANGE} --yes`, HAND_OUT]);
    await world.at.given([`zmint ssl import ${world.signed('web1')} --yes`]);
    expect(visible(world)).not.toEqual(before);
    await world.at.given(['zmint ca cancel --yes']);
    expect(visible(world)).toEqual(before);
    expect((await world.at.run('zmint doctor')).status).toBe(0);
    await world.at.given([`${CHANGE} --yes`, HAND_OUT]);
    world.signed('web1');
    world.signed('web2');
    await world.at.given(['zmint ssl import web1.cer web2.cer --yes', 'zmint ssl retire --yes']);
    expect((await world.at.run('zmint ca show --json')).json()).toMatchObject({
      kind: 'external',
      generation: 3,
      custody: 'external',
    });
  });

  test('one that is due but still waits for certificates can be cancelled', async () => {
    const world = await importWorld(ca, [...INTERNAL, `${CHANGE} --activate-at now --yes`]);
    const before = await missingIn(world);
    expect(before).toHaveLength(2);
    await world.at.given(['zmint ca cancel --yes']);
    expect(world.live('web1').trust).toHaveLength(1);
  });

  test('a server is left behind only by its name, and must follow before the old root leaves', async () => {
    const world = await changing();
    await world.at.given([`zmint ssl import ${world.signed('web1')} --yes`]);
    await world.at.given(['zmint update ignore web2 --yes', 'zmint ssl resume']);
    expect(world.live('web1').chain).toHaveLength(1);
    expect(world.live('web2').chain).toHaveLength(0);
    const early = await world.at.run('zmint ssl retire --yes');
    expect(early).toMatchObject({ status: 14, err: expect.stringContaining('web2') as unknown });
    await world.at.given([`zmint ssl import ${world.signed('web2')} --yes`]);
    await world.at.given(['zmint ssl retire --yes']);
    expect(world.live('web2').trust).toHaveLength(1);
  });

  test('a device must prove the new trust too', async () => {
    const world = await changing('zmint device add phone1 --kind mobile --yes');
    world.signed('web1');
    world.signed('web2');
    await world.at.given(['zmint ssl import web1.cer web2.cer --yes']);
    expect(await missingIn(world)).toMatchObject([{ member: 'phone1' }]);
    await world.at.given(['zmint update ignore phone1 --yes', 'zmint ssl resume']);
    expect(world.live('web1').chain).toHaveLength(1);
  });

  test('with --csr manual no request is made', async () => {
    const world = await importWorld(ca, [...INTERNAL, `${CHANGE} --csr manual --yes`]);
    expect((await world.at.run('zmint generate-csr --waiting')).status).toBe(17);
    await world.at.given(['zmint generate-csr --all --o "Example Ltd" --out . --yes']);
    world.signed('web1');
    world.signed('web2');
    await world.at.given(['zmint ssl import web1.cer web2.cer --yes']);
    expect(world.live('web2').chain).toHaveLength(1);
  });

  test.each([
    [
      'the chain that the zone has',
      'zmint ca change --no-backup-check --to external --chain chain.pem',
      24,
      'already',
    ],
    [
      'without its root',
      'zmint ca change --no-backup-check --to external --chain half.pem',
      22,
      'has no root',
    ],
    ['without a chain', 'zmint ca change --no-backup-check --to external', 2, '--chain FILE'],
    ['without a kind', 'zmint ca change --chain chain.pem', 2, '--to external'],
    ['options of both kinds', `${CHANGE} --server web1`, 2, 'for --to internal'],
    [
      'no server',
      'zmint ca change --no-backup-check --to internal --no-passphrase',
      2,
      '--server SERVER',
    ],
    [
      'no such server',
      'zmint ca change --no-backup-check --to internal --server web9 --no-passphrase',
      16,
      'web9',
    ],
    [
      'no passphrase',
      'zmint ca change --no-backup-check --to internal --server web1',
      2,
      'New passphrase',
    ],
  ])('is refused with %s', async (_what, line, status, said) => {
    const world = await importWorld(ca);
    world.file('half.pem', ca.intermediate);
    await world.expectRefused(`${line} --yes`, { status, said });
  });
});

describe('a change to an internal CA', () => {
  test('mints for all servers, and cancel takes the key away again', async () => {
    const world = await importWorld(ca);
    world.signed('web1');
    world.signed('web2');
    await world.at.given(['zmint ssl import web1.cer web2.cer --yes']);
    const before = visible(world);
    const line = 'zmint ca change --no-backup-check --to internal --server web2 --no-passphrase';
    await world.at.given([`${line} --activate-at 14d --yes`]);
    await world.at.given(['zmint ca cancel --yes']);
    expect(visible(world)).toEqual(before);
    const key = join(world.at.zoneHome, 'servers/web2/certificate-authority/2/key.enc');
    expect(picture(join(key, '..')).size).toBe(0);
    expect((await world.at.run('zmint ca show --json')).json()).toMatchObject({
      kind: 'external',
      custody: 'external',
    });
    await world.at.given([`${line} --common-name "Example CA" --years 5 --yes`]);
    expect((await world.at.run('zmint ca show --json')).json()).toMatchObject({
      kind: 'internal',
      certificate: { subject: 'CN=Example CA G3' },
      server: 'web2',
      custody: 'no-passphrase',
    });
    await world.at.given(['zmint ssl rollback --yes']);
    expect(visible(world)).not.toEqual(before);
    expect(world.live('web1').chain).toHaveLength(1);
    await world.at.given(['zmint ssl activate --yes', 'zmint ssl retire --yes']);
    await world.at.given([
      'zmint ssl remint web1 --yes',
      'zmint ssl remint --ca --no-backup-check --yes',
    ]);
    expect((await world.at.run('zmint doctor')).status).toBe(0);
  });

  test('is refused where the CA is internal already', async () => {
    const world = await importWorld(ca, INTERNAL);
    await world.expectRefused(
      'zmint ca change --no-backup-check --to internal --server web2 --no-passphrase --yes',
      {
        status: 24,
        said: 'internal already',
      },
    );
  });
});
