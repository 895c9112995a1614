import { chmodSync, rmSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeExternalCa } from '../support/external-ca.js';
import { importWorld, type ImportWorld } from '../support/import-world.js';

let world: ImportWorld;
let first = '';
let second = '';

function secret(name: string, text: string): string {
  const path = world.file(name, `${text}\n`);
  chmodSync(path, 0o600);
  return `--passphrase-file ${path}`;
}

/** A zone that had a CA of its own, locked with the first passphrase, and has an external one now. */
beforeEach(async () => {
  const ca = makeExternalCa();
  world = await importWorld(ca, []);
  first = secret('first.txt', 'four words of peace');
  second = secret('second.txt', 'five other words of war');
  await world.at.given([
    `zmint init --name Example --server web1 --dns web1.example.com ${first} --yes`,
    `zmint ca issue --name agent --out . ${first} --yes`,
    `zmint ca crl ${first} --yes`,
    'zmint ca change --no-backup-check --to external --chain chain.pem --yes',
    'zmint generate-csr --waiting --out .',
  ]);
  await world.at.given([
    `zmint ssl import ${world.signed('web1')} --yes`,
    `zmint ssl retire ${first} --yes`,
  ]);
}, 60_000);

async function crl(how: string): Promise<unknown> {
  const { status, out } = await world.at.run(`zmint ca crl ${how} --yes --json`);
  if (status !== 0) return status;
  const { crls, keyless } = JSON.parse(out) as {
    readonly crls: readonly { readonly generation: number }[];
    readonly keyless: readonly number[];
  };
  return { signed: crls.map(({ generation }) => generation), keyless };
}

describe('under an external CA the key of the former one', () => {
  test('signs and revokes with its passphrase, and says which one is wrong or missing', async () => {
    expect(await crl(first)).toEqual({ signed: [1], keyless: [] });
    expect(await crl(second)).toBe(12);
    expect(await crl('')).toBe(2);
    await world.at.given([`zmint ca backup zone.age ${second} --yes`]);
    rmSync(world.at.zoneHome, { recursive: true });
    await world.at.given([`zmint ca restore zone.age ${second} --yes`]);
    expect(await crl(first)).toEqual({ signed: [1], keyless: [] });
    const line = 'zmint ca revoke certificate.pem --reason key-compromise --yes';
    expect((await world.at.run(line)).status).toBe(2);
    const { status, out } = await world.at.run(`${line} ${first}`);
    expect({ status, out }).toMatchObject({ status: 0, out: /1 certificate revoked/u });
  });
});

describe('under the next own CA', () => {
  async function change(custody: string): Promise<void> {
    await world.at.given([
      `zmint ca change --no-backup-check --to internal --server web1 ${custody} --yes`,
      'zmint server add web2 --dns web2.example.com --no-mint --yes',
    ]);
  }

  test('without a passphrase its lists are made and its role moves whether or not the former key opens', async () => {
    await change('--no-passphrase');
    expect(await crl('')).toEqual({ signed: [3], keyless: [1] });
    expect(await crl(second)).toEqual({ signed: [3], keyless: [1] });
    const line = 'zmint ca move web2 --no-backup-check --yes --json';
    const moved = await world.at.run(`${line} ${first}`);
    expect(moved.json()).toMatchObject({ moved: [1, 3], stayed: [] });
    expect(await crl(first)).toEqual({ signed: [1, 3], keyless: [] });
    const back = await world.at.run(line.replace('web2', 'web1'));
    expect(back.json()).toMatchObject({ moved: [3], stayed: [1] });
    expect(await crl(first)).toEqual({ signed: [1, 3], keyless: [] });
  });

  test('with another passphrase its lists are made, and a wrong one is told', async () => {
    await change(second);
    expect(await crl(second)).toEqual({ signed: [3], keyless: [1] });
    expect(await crl(first)).toBe(12);
    expect(await crl('')).toBe(2);
    const revoke = 'zmint ca revoke certificate.pem --reason key-compromise --yes';
    expect((await world.at.run(`${revoke} ${first}`)).status).toBe(0);
  });
});
