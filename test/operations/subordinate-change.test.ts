import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { checkHome, opensslAccepts, picture, type SeenServer } from '../support/zone-fsck.js';

const INTERNAL: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
  'zmint server add web2 --dns web2.example.com --yes',
];
const EXTERNAL: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes',
];
const CHANGE = 'zmint ca change --to internal --subordinate';
const TAKE = 'zmint ssl import --no-backup-check';

let company: ExternalCa;
let other: ExternalCa;

beforeAll(() => {
  company = makeExternalCa();
  other = makeExternalCa();
});

/** A zone below the company whose servers have their certificates. */
async function below(): Promise<SubordinateWorld> {
  const world = await subordinateWorld(company);
  await world.at.given([`zmint ssl import ${world.signed()} --yes`]);
  return world;
}

function live({ at }: SubordinateWorld, server = 'web1'): SeenServer {
  return checkHome(join(at.zoneHome, 'servers', server), new Date(at.now * 1000));
}

/** Whether a client that trusts that root alone accepts what a server sends. */
function accepts({ at }: SubordinateWorld, root: string, server = 'web1'): boolean {
  const path = join(at.zoneHome, 'servers', server, 'security/live/server.cer');
  const chain = readFileSync(path, 'latin1');
  return opensslAccepts([root], chain, temporaryFolder(), new Date(at.now * 1000));
}

async function sound({ at }: SubordinateWorld): Promise<void> {
  for (const line of ['zmint doctor', 'zmint ssl verify'])
    expect({ line, ...(await at.run(line)) }).toMatchObject({ line, status: 0 });
}

async function phase(world: SubordinateWorld, line: string): Promise<unknown> {
  const { json } = await world.at.run(`${line} --yes --json`);
  return (json() as { readonly operation?: { readonly phase: string } }).operation?.phase;
}

describe('the successor of a CA under the same root', () => {
  test('is requested by ssl remint --ca, and servers are reminted meanwhile', async () => {
    const world = await below();
    await world.at.given(['zmint ssl remint --ca --yes', 'zmint ssl remint web2 --yes']);
    expect((await world.at.run('zmint ca show')).out).toContain('generation 2, CN=Example G2');
    expect((await world.at.run('zmint ssl remint --ca --yes')).status).toBe(13);
    expect((await world.at.run('zmint ca move web2 --no-backup-check --yes')).status).toBe(13);
    const before = live(world);
    expect(await phase(world, `${TAKE} ${world.signed()}`)).toBe('active');
    const after = live(world);
    expect(after.trust).toEqual(before.trust);
    expect(after.leaf).not.toBe(before.leaf);
    expect(after.chain[0]).not.toBe(before.chain[0]);
    expect(accepts(world, company.root)).toBe(true);
    await sound(world);
    expect(await phase(world, 'zmint ssl retire')).toBe('done');
    expect(accepts(world, company.root)).toBe(true);
    await sound(world);
  });

  test('needs no certificate of the company again, and waits for its instant', async () => {
    const world = await below();
    await world.at.given([`${CHANGE} --activate-at 14d --yes`]);
    const own = company.sign(world.csr(), { ca: true });
    const before = live(world);
    expect(await phase(world, `${TAKE} ${world.file('own.pem', own)}`)).toBe('armed');
    expect(live(world)).toEqual(before);
    world.at.now += 14 * 86_400;
    await world.at.given(['zmint ssl resume --yes']);
    expect(live(world).leaf).not.toBe(before.leaf);
  });

  test('can be cancelled, and rolled back', async () => {
    const world = await below();
    const before = live(world);
    await world.at.given([`${CHANGE} --activate-at 14d --yes`]);
    await world.at.given([`${TAKE} ${world.signed()} --yes`, 'zmint ssl cancel --yes']);
    expect(live(world)).toEqual(before);
    await sound(world);
    await world.at.given([`${CHANGE} --yes`]);
    await world.at.given([`${TAKE} ${world.signed()} --yes`, 'zmint ssl rollback --yes']);
    expect(live(world)).toEqual(before);
    expect((await world.at.run('zmint ca show --json')).json()).toMatchObject({ generation: 1 });
    await sound(world);
  });

  test('is given up while it waits, and its key goes', async () => {
    const world = await below();
    await world.at.given([`${CHANGE} --yes`]);
    const keys = (): readonly string[] =>
      [...picture(world.at.zoneHome).keys()].filter((path) => path.endsWith('key.enc'));
    expect(keys()).toHaveLength(2);
    await world.at.given(['zmint ssl cancel --yes']);
    expect(keys()).toHaveLength(1);
    expect((await world.at.run(`${TAKE} ${world.signed()} --yes`)).status).toBe(17);
    await sound(world);
  });
});

describe('a change between kinds of CA', () => {
  test('from one that signs itself to one below the company: trust first', async () => {
    const world = await subordinateWorld(company, INTERNAL);
    const own = live(world);
    await world.at.given([`${CHANGE} --activate-at 14d --yes`]);
    expect(await phase(world, `${TAKE} ${world.signed()}`)).toBe('armed');
    expect(live(world)).toMatchObject({ leaf: own.leaf });
    expect(live(world).trust).toHaveLength(2);
    world.at.now += 14 * 86_400;
    await world.at.given(['zmint ssl resume --yes']);
    expect(accepts(world, company.root)).toBe(true);
    await sound(world);
    expect(await phase(world, 'zmint ssl retire')).toBe('done');
    expect(live(world).trust).toHaveLength(1);
    expect(accepts(world, company.root, 'web2')).toBe(true);
    await sound(world);
  });

  test('to another company, and back to one that signs itself', async () => {
    const world = await below();
    await world.at.given([`${CHANGE} --yes`]);
    await world.at.given([`${TAKE} ${world.signed({}, other)} --yes`]);
    expect({ old: accepts(world, company.root), now: accepts(world, other.root) }).toEqual({
      old: false,
      now: true,
    });
    await world.at.given(['zmint ssl retire --yes']);
    const line =
      'zmint ca change --to internal --server web1 --no-passphrase --no-backup-check --yes';
    await world.at.given([line, 'zmint ssl retire --yes']);
    const { chain, trust } = live(world);
    expect({ chain, roots: trust.length }).toEqual({ chain: [], roots: 1 });
    await sound(world);
  });

  test('from an external one under the same root: nobody has a root to learn', async () => {
    const world = await subordinateWorld(company, EXTERNAL);
    expect((await world.at.run(`${CHANGE} --yes`)).status).toBe(2);
    await world.at.given([`${CHANGE} --server web1 --no-passphrase --yes`]);
    expect(await phase(world, `${TAKE} ${world.signed()}`)).toBe('active');
    expect(accepts(world, company.root)).toBe(true);
    await world.at.given(['zmint ssl retire --yes']);
    await sound(world);
  });

  test.each([
    [`${CHANGE} --years 3`, 2],
    ['zmint ca change --to external --chain chain.pem --subordinate', 2],
    [`${CHANGE} --server web2`, 24],
    ['zmint ssl remint --ca --keep-key', 2],
    ['zmint ssl remint --ca --compromised', 2],
    ['zmint ssl remint --ca --no-backup-check', 2],
    [`${CHANGE} --no-backup-check`, 2],
    [`zmint ssl remint --ca --key-uri 'pkcs11:token=t;object=ca?module-path=/m.so'`, 2],
  ])('%s is refused', async (line, status) => {
    refusing ??= await below();
    expect(await refusing.at.run(`${line} --yes`)).toMatchObject({ status });
  });
});

let refusing: SubordinateWorld | undefined;
