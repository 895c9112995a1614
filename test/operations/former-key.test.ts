import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { formerKeysOf } from '../../src/zone/former-keys.js';
import type { Authority } from '../../src/zone/authority.js';
import type { Member } from '../../src/zone/member.js';
import { makeExternalCa } from '../support/external-ca.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';

const DAY = 86_400;
let world: SubordinateWorld;

/** The external CA has taken over from the one whose key web1 holds, which is retired. */
beforeAll(async () => {
  const company = makeExternalCa();
  world = await subordinateWorld(company, [
    'zmint init --name Example --server web1 --dns web1.example.com --no-passphrase --yes',
    'zmint server add web2 --dns web2.example.com --yes',
    'zmint ca crl --yes',
    'zmint ca change --to external --chain chain.pem --no-backup-check --yes',
  ]);
  const sign = (name: string): string => {
    const path = join(world.at.zoneHome, `servers/${name}/remint-repo/server.csr`);
    const own = company.sign(readFileSync(path, 'latin1'));
    return world.file(`${name}.cer`, own + company.intermediate);
  };
  const files = ['web1', 'web2'].map(sign).join(' ');
  await world.at.given([`zmint ssl import ${files} --yes`, 'zmint ssl retire --yes']);
}, 60_000);

describe('the server with the key of a retired CA', () => {
  test('is removed after it was told what that means, and doctor calls nothing damaged', async () => {
    const { at } = world;
    expect(await at.run('zmint doctor')).toMatchObject({ status: 0 });
    const { err } = await at.run('zmint server remove web1 --dry-run');
    expect(err.replace(/\s+/gu, ' ')).toContain(
      'holds the key of the retired CA, generation 1: what that CA issued cannot be revoked any more',
    );
    expect((await at.run('zmint server remove web2 --dry-run')).err).not.toContain('CA keys');
    const removed = await at.run('zmint server remove web1 --json --yes');
    expect(removed.json()).toMatchObject({ removed: { formerKeys: [1] } });
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(0);
    const told = 'the key of the retired CA generation 1 left the zone with its server';
    expect(out.replace(/\s+/gu, ' ')).toContain(told);
    expect((await at.run('zmint ca crl --yes --json')).json()).toMatchObject({ keyless: [1] });
    at.now += 5000 * DAY;
    expect((await at.run('zmint doctor')).out.replace(/\s+/gu, ' ')).not.toContain(told);
  });
});

describe('which keys may leave the zone', () => {
  const member = { id: 'm1', name: 'web1' } as Member;
  const authority = (generation: number, state: Authority['state']): Authority =>
    ({ generation, state, keyMemberId: 'm1', spkiSha256: `${generation}` }) as Authority;

  test('those of retired generations, unless they lie in a token', () => {
    const all = [authority(1, 'retired'), authority(2, 'retired'), authority(3, 'cancelled')];
    const inToken = { spkiSha256: '2', uri: '', recordedAt: 0 };
    expect(formerKeysOf(member, all, [inToken])).toEqual([1]);
    expect(formerKeysOf({ ...member, id: 'm2' }, all, [])).toEqual([]);
  });

  test.each([
    ['retiring', 'zmint ssl retire, then zmint server remove web1'],
    ['active', 'zmint ca move SERVER, then zmint server remove web1'],
  ] as const)('not that of one that is %s', (state, hint) => {
    expect(() => formerKeysOf(member, [authority(1, state)], [])).toThrow(
      expect.objectContaining({ code: 'policy', hint }),
    );
  });
});
