import { join } from 'node:path';
import { executeInit, planInit } from '../../src/operations/init-zone.js';
import type { FakeToken } from './fake-pkcs11.js';
import { temporaryFolder } from './temporary-folder.js';
import { NOON, openTestZone, type TestWorld } from './test-zone.js';

/** A key in a fake token of that label. */
export function fakeKeyUri(token: string): string {
  return `pkcs11:token=${token};object=ca?module-path=/fake/module.so`;
}

/** Makes a zone whose CA key is in the token, with one server `ca1`; the PIN is at hand. */
export async function makeTokenZone(token: FakeToken): Promise<TestWorld> {
  const zoneHome = join(temporaryFolder(), 'zone');
  const world = { zoneHome, now: NOON, tokens: [token], pin: token.pin };
  const ctx = await openTestZone(world, 'create');
  const request = {
    name: 'Example',
    server: { name: 'ca1', dnsName: 'ca1.example.com' },
    keySpec: 'ed25519',
    years: 5,
    commonName: null,
    custody: 'token',
    keyUri: fakeKeyUri(token.label),
  } as const;
  await executeInit(ctx, planInit(request, NOON));
  ctx.store.close();
  return world;
}
