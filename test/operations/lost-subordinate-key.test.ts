import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';

let company: ExternalCa;

beforeAll(() => {
  company = makeExternalCa();
});

/** A zone below the company whose servers have their certificates; with `secret` its key is locked. */
async function below(secret?: string): Promise<SubordinateWorld> {
  const world = await subordinateWorld(company, []);
  const lock = secret === undefined ? '--no-passphrase' : by(world, secret);
  await world.at.given([
    `zmint init --name Example --server web1 --dns web1.example.com --ca internal --subordinate ${lock} --yes`,
  ]);
  const unlock = secret === undefined ? '' : lock;
  await world.at.given([`zmint ssl import ${world.signed()} ${unlock} --yes`]);
  return world;
}

function by(world: SubordinateWorld, passphrase: string): string {
  return `--passphrase-file ${world.secret(passphrase)}`;
}

function loseKey({ at }: SubordinateWorld, generation = 1): void {
  rmSync(join(at.zoneHome, `servers/web1/certificate-authority/${generation}/key.enc`));
}

/** The hint of the finding about a key that is missing. */
async function mend({ at }: SubordinateWorld): Promise<string> {
  const { json } = await at.run('zmint doctor --json');
  const { findings } = json() as { readonly findings: readonly Finding[] };
  return findings.find(({ message }) => message.includes('is missing'))?.mend ?? '';
}

interface Finding {
  readonly message: string;
  readonly mend: string | null;
}

/** The new CA serves, and nothing is left to mend. */
async function expectReplaced({ at }: SubordinateWorld): Promise<void> {
  const { json } = await at.run('zmint ca show --json');
  expect(json()).toMatchObject({ generation: 2 });
  for (const line of ['zmint ssl verify', 'zmint ssl retire --yes', 'zmint doctor'])
    expect({ line, ...(await at.run(line)) }).toMatchObject({ line, status: 0 });
}

describe('a subordinate CA whose key is lost (I-26)', () => {
  test('is replaced by the commands that doctor names', async () => {
    const world = await below();
    await world.at.given(['zmint ca crl --yes']);
    loseKey(world);
    expect(await mend(world)).toBe(
      'put it back from a backup; if there is none: zmint ssl remint --ca, then zmint ssl import FILE --no-backup-check',
    );
    await world.at.given(['zmint ssl remint --ca --yes']);
    expect(await mend(world)).toBe(
      'put it back from a backup; if there is none: zmint ssl import FILE --no-backup-check',
    );
    const file = world.signed();
    await world.at.given([`zmint ssl import ${file} --no-backup-check --yes`]);
    await expectReplaced(world);
    const report = await world.at.run('zmint ca crl --yes --json');
    expect(report.json()).toMatchObject({ keyless: [1] });
  });

  test('and its successor is locked with a passphrase that is asked for anew', async () => {
    const world = await below('an old passphrase');
    loseKey(world);
    const unlock = by(world, 'a new passphrase');
    await world.at.given([`zmint ssl remint --ca ${unlock} --yes`]);
    const file = world.signed();
    await world.at.given([
      `zmint ssl import ${file} ${unlock} --no-backup-check --yes`,
      `zmint ssl remint --all ${unlock} --yes`,
    ]);
    await expectReplaced(world);
  });

  test('while a key that is there still proves the passphrase (I-21)', async () => {
    const world = await below('an old passphrase');
    const unlock = by(world, 'a slip of the fingers');
    const refused = await world.at.run(`zmint ssl remint --ca ${unlock} --yes`);
    expect(refused.status).toBe(12);
    expect((await world.at.run('zmint generate-csr --ca --out .')).status).toBe(17);
  });
});

test('the next CA is given up when its key is lost before its activation (I-26)', async () => {
  const world = await subordinateWorld(company, [
    'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
    'zmint ssl remint --ca --activate-at 14d --no-backup-check --yes',
  ]);
  loseKey(world, 2);
  expect(await mend(world)).toContain('if there is none: zmint ssl cancel');
  await world.at.given(['zmint ssl cancel --yes']);
  expect((await world.at.run('zmint doctor')).status).toBe(0);
});

describe('the certificate of a CA cannot be revoked by its own list', () => {
  test('and the command that is named does what is wanted in a subordinate zone', async () => {
    const world = await below();
    const { status, err } = await world.at.run(
      `zmint ca revoke ${await ownFingerprint(world)} --reason ca-compromise --yes`,
    );
    expect({ status, hint: err.split('hint: ')[1]?.trim() }).toEqual({
      status: 24,
      hint: 'zmint ssl remint --ca, and have CN=Issuing CA 1,O=Example Trust revoke it',
    });
    await world.at.given(['zmint ssl remint --ca --yes']);
  });
});

async function ownFingerprint({ at }: SubordinateWorld): Promise<string> {
  const { json } = await at.run('zmint ca show --json');
  return (json() as { readonly sha256: string }).sha256;
}
