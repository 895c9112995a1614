import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { examineZone } from '../../src/operations/examine-zone.js';
import { proveBackup } from '../../src/operations/prove-backup.js';
import { proveTokenKeys, type ProvedTokenKey } from '../../src/operations/prove-token-keys.js';
import { readBackupStanding } from '../../src/operations/read-backup-standing.js';
import { requireFreshBackup } from '../../src/operations/require-fresh-backup.js';
import type { OperationContext } from '../../src/ports/context.js';
import { FakeToken } from '../support/fake-pkcs11.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backUp, restore, testCustody, testSecrets } from '../support/test-custody.js';
import { NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { makeTokenZone } from '../support/token-zone.js';
import { checkHome } from '../support/zone-fsck.js';

let token: FakeToken;
let world: TestWorld;
let backup = '';

beforeAll(async () => {
  token = new FakeToken();
  world = await makeTokenZone(token);
  backup = join(temporaryFolder(), 'zone.age');
});

/** What is different there; a PIN of null: nobody gives one. */
type Elsewhere = Partial<Omit<TestWorld, 'pin'>> & { readonly pin?: string | null };

async function inZone<T>(
  { pin = token.pin, ...rest }: Elsewhere,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const { zoneHome, now, tokens = [] } = world;
  const secrets = pin === null ? {} : { pin };
  const ctx = await openTestZone({ zoneHome, now, tokens, ...rest, ...secrets });
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

/** As `ca backup verify` on a host with these tokens. */
async function prove(rest: Elsewhere): Promise<readonly ProvedTokenKey[]> {
  const custody = testCustody(NOON);
  const bytes = await custody.shelf.read(backup);
  const { reader } = await proveBackup(custody, { ...testSecrets(), name: backup, bytes });
  try {
    return await inZone(rest, (ctx) => proveTokenKeys(ctx, reader));
  } finally {
    reader.close();
  }
}

describe('a zone whose only CA key is in a token', () => {
  test('is changed with a fresh backup only, which holds all but the key', async () => {
    await inZone({}, (ctx) =>
      expect(requireFreshBackup(ctx, NOON)).rejects.toMatchObject({
        code: 'policy',
        message: expect.stringMatching(
          /no verified backup.*CA key.*in a token, would not be in it/u,
        ),
      }),
    );
    await backUp(world, backup);
    await inZone({}, (ctx) => requireFreshBackup(ctx, NOON));
  });

  test('has a backup that proves the key where its token and PIN are, and else says why not', async () => {
    const known = { generation: 1, keyUri: expect.stringContaining('object=ca') as unknown };
    expect(await prove({})).toEqual([{ ...known, unproved: null }]);
    const elsewhere = [{ ...known, unproved: 'the token zmint is not plugged in' }];
    expect(await prove({ tokens: [] })).toEqual(elsewhere);
    expect(await prove({ pin: null })).toEqual([{ ...known, unproved: 'its PIN was not given' }]);
    const empty = [{ ...known, unproved: 'the key ca is not in the token zmint' }];
    expect(await prove({ tokens: [new FakeToken()] })).toEqual(empty);
    await expect(prove({ pin: '0000' })).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  test('is restored elsewhere without the token, and signs there with it', async () => {
    const zoneHome = join(temporaryFolder(), 'deep/other-zone');
    mkdirSync(dirname(zoneHome), { mode: 0o700 });
    expect((await restore(NOON, { zoneHome, path: backup })).outcome).toBe('restored');
    const missing = await inZone({ zoneHome, tokens: [] }, (ctx) =>
      examineZone(ctx, undefined, NOON),
    );
    expect(missing.filter(({ severity }) => severity === 'problem')).toMatchObject([
      {
        examination: 'ca-key',
        code: 'token-unavailable',
        mend: expect.stringContaining('plug it in'),
      },
    ]);
    await inZone({ zoneHome }, async (ctx) => {
      // It has just been proved: what it holds is the newest CA.
      expect(await readBackupStanding(ctx, NOON)).toMatchObject({ standing: 'fresh' });
      expect((await remint(ctx, { all: true })).operation.phase).toBe('done');
      expect((await remint(ctx, { ca: true })).operation.phase).toBe('active');
    });
    checkHome(join(zoneHome, 'servers/ca1'), new Date(NOON * 1000));
  });
});
