import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandLine } from '../support/command-line.js';
import { trustBench, type TrustBench } from '../support/trust-bench.js';

let bench: TrustBench;
let at: CommandLine;

const print = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

beforeEach(async () => {
  bench = await trustBench();
  ({ at } = bench);
});

describe('zmint truststore add, list and remove', () => {
  test('add shows its plan, says who waits, and can be repeated', async () => {
    const dry = await at.run('zmint truststore add partner.pem --alias partner --dry-run');
    expect(dry).toMatchObject({ status: 0, err: expect.stringContaining('Plan: trust 1 root') });
    expect(await at.run('zmint truststore add partner.pem')).toMatchObject({ status: 2 });
    const added = await at.run('zmint truststore add partner.pem --alias partner --yes');
    expect(added).toMatchObject({ status: 0, out: 'Trusted as partner.\n' });
    expect(added.err).toContain(
      '2 members get it with the next set; at once: zmint ssl remint --all',
    );
    const again = await at.run('zmint truststore add partner.pem --json');
    expect(again.status).toBe(0);
    expect(again.json()).toMatchObject({
      schema: 'zmint.truststore-add/1',
      added: [],
      known: [{ alias: 'partner', sha256: print(bench.partner) }],
    });
  });

  test('the old name, and an alias that is taken', async () => {
    await at.given(['zmint add-ca-to-truststore partner.pem -a partner --yes']);
    const taken = await at.run('zmint add-ca-to-truststore other.pem --alias PARTNER --yes');
    expect(taken).toMatchObject({ status: 24, err: expect.stringContaining('-Z') });
    expect(await at.run('zmint truststore add other.pem --alias zone-ca-g7 --yes')).toMatchObject({
      status: 24,
    });
    await at.given(['zmint add-ca-to-truststore other.pem --alias partner -Z --yes']);
    const { json } = await at.run('zmint truststore list --json');
    expect(json()).toMatchObject({
      roots: [
        { alias: 'partner', source: 'external', certificate: { sha256: print(bench.other) } },
        { alias: 'zone-ca-g1', source: 'zone', holding: 2, members: 2 },
      ],
    });
  });

  test('list, for the zone and for a member', async () => {
    await at.given(['zmint truststore add partner.pem --alias partner --yes']);
    const zone = await at.run('zmint truststore list');
    expect(zone.out).toMatch(/^partner +external +Active +[\d-]{10} +0 of 2 +CN=Partner Root/mu);
    const member = await at.run('zmint truststore list web1');
    expect(member.out).toMatch(/^partner .* not yet /mu);
    expect(member.out).toMatch(/^zone-ca-g1 .* has it /mu);
    await at.given(['zmint ssl remint --all --yes', 'zmint truststore remove partner --yes']);
    const stray = await at.run('zmint truststore list web1');
    expect(stray.out).toMatch(/^\(trusted no more\) .* has it /mu);
    expect(await at.run('zmint truststore list nobody')).toMatchObject({ status: 16 });
  });

  test('remove says who trusts it still; what is not there is not found', async () => {
    await at.given([
      'zmint truststore add partner.pem --alias partner --yes',
      'zmint ssl remint --all --yes',
    ]);
    const removed = await at.run('zmint truststore remove partner --yes');
    expect(removed).toMatchObject({ status: 0, out: 'partner is trusted no more.\n' });
    expect(removed.err).toContain('2 members still trust it until the next set');
    expect(await at.run('zmint truststore remove partner --yes')).toMatchObject({ status: 17 });
    expect(await at.run('zmint truststore remove zone-ca-g1 --yes')).toMatchObject({ status: 24 });
    const events = await at.run('zmint event list --json');
    expect(events.out).toContain('"anchors-added"');
    expect(events.out).toContain('"anchors-removed"');
  });

  test('a trust store that was lost is rendered again', async () => {
    await at.given(['zmint truststore add partner.pem --alias partner --yes']);
    rmSync(join(at.zoneHome, 'truststore/cacerts.pem'));
    await at.given(['zmint truststore add partner.pem --yes']);
    expect(readFileSync(join(at.zoneHome, 'truststore/cacerts.pem'), 'utf8')).toContain(
      bench.partner,
    );
  });
});
