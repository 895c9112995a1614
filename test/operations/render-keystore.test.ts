import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodePem } from '../../src/encoding/pem.js';
import { examineZone } from '../../src/operations/examine-zone.js';
import { placeSatelliteSet } from '../../src/operations/place-satellite-set.js';
import { planSatelliteSet } from '../../src/operations/plan-satellite-set.js';
import {
  heldKeystore,
  keystoreFiles,
  renderKeystore,
  requireKeystore,
} from '../../src/operations/render-keystore.js';
import type { SetParts } from '../../src/operations/set-files.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { KeystoreFormat } from '../../src/zone/keystore.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';

const SATELLITES = ['sat1', 'sat2'];
const PASSWORD = new TextEncoder().encode('grüße 123');
const zoneHome = join(temporaryFolder(), 'zone');

let ctx: OperationContext;

beforeAll(async () => {
  await makeTestZone(
    { zoneHome, now: NOON },
    SATELLITES.map((name) => ({ name, dnsName: `${name}.example.com`, kind: 'satellite' })),
  );
  ctx = await openTestZone({ zoneHome, now: NOON });
});

afterAll(() => {
  ctx.store.close();
});

function place(name: string): { readonly name: string; readonly home: string } {
  return { name, home: join(zoneHome, 'servers', name) };
}

/** What the live set of a satellite is made of; the key as a Buffer, as files come. */
function partsOf(name: string): SetParts & { readonly pkcs8: Buffer } {
  const live = join(place(name).home, 'security/live');
  const ders = (file: string): readonly Uint8Array[] =>
    decodePem(readFileSync(join(live, file), 'latin1')).map(({ der }) => der);
  return {
    chain: ders('server.cer'),
    trust: ders('ca.cert'),
    pkcs8: readFileSync(join(live, 'key.der')),
  };
}

async function configure(name: string, format: KeystoreFormat): Promise<void> {
  const plan = await planSatelliteSet(
    ctx,
    {
      satellite: name,
      source: { from: 'live' },
      keystore: { format, alias: 'Auth Server', passphrase: PASSWORD },
      reconfigure: true,
    },
    NOON,
  );
  await placeSatelliteSet(ctx, plan);
}

describe('the keystore for the next set', () => {
  test('is none when the live set has none, or when there is no key', async () => {
    expect(await keystoreFiles(ctx, place('sat1'), partsOf('sat1'))).toEqual({});
    await configure('sat1', 'jks');
    const device = { chain: [], pkcs8: null, trust: partsOf('sat1').trust };
    expect(await keystoreFiles(ctx, place('sat1'), device)).toEqual({});
  });

  test.each(['jks', 'pkcs12'] as const)(
    'has format, alias and password of the live %s',
    async (format) => {
      await configure('sat1', format);
      const next = partsOf('sat2');
      const files = await keystoreFiles(ctx, place('sat1'), next);
      const held = heldKeystore(files, 'sat1');
      expect(held).toEqual({ format, alias: 'auth server', passphrase: held?.passphrase });
      expect(Buffer.from(held?.passphrase ?? [])).toEqual(Buffer.from(PASSWORD));
      await requireKeystore(ctx, files, next);
      await expect(requireKeystore(ctx, files, partsOf('sat1'))).rejects.toMatchObject({
        code: 'damaged',
      });
      const other = { ...files, 'keystore.pass': new TextEncoder().encode('another') };
      await expect(requireKeystore(ctx, other, next)).rejects.toThrow('does not open by');
    },
  );

  test('leaves the key that it is made from as it was, also when that is a Buffer', async () => {
    const parts = partsOf('sat2');
    const before = Buffer.from(parts.pkcs8);
    const held = { format: 'jks', alias: 'x', passphrase: PASSWORD } as const;
    await renderKeystore(ctx, held, parts);
    expect(parts.pkcs8.equals(before)).toBe(true);
  });

  test('an alias that is that of a root gets its root another one', async () => {
    const held = { format: 'jks', alias: 'zone-root-1', passphrase: PASSWORD } as const;
    const files = await renderKeystore(ctx, held, partsOf('sat2'));
    expect(heldKeystore(files, 'sat2')?.alias).toBe('zone-root-1');
  });

  test.each([
    ['garbage', Uint8Array.of(1, 2, 3)],
    ['a JKS without a key', Buffer.from(`feedfeed0000000200000000${'00'.repeat(20)}`, 'hex')],
  ])('%s is damage, and the hint says what mends it', (_name, bytes) => {
    const files = { 'server.jks': bytes, 'keystore.pass': PASSWORD };
    expect(() => heldKeystore(files, 'sat1')).toThrow(
      expect.objectContaining({
        code: 'damaged',
        hint: 'zmint asr sat1 --keystore jks --keystore-passphrase-file FILE',
      }),
    );
  });
});

test('doctor sees a keystore that its password does not open', async () => {
  await configure('sat2', 'jks');
  const findings = async (): Promise<string> =>
    JSON.stringify(await examineZone(ctx, undefined, NOON));
  expect(await findings()).not.toContain('keystore.pass');
  writeFileSync(join(place('sat2').home, 'security/live/keystore.pass'), 'changed');
  expect(await findings()).toContain('server.jks does not open by the keystore.pass beside it');
  expect(await findings()).toContain('zmint asr sat2 writes it anew');
});
