import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { examineZone } from '../../src/operations/examine-zone.js';
import { executeCrls, planCrls } from '../../src/operations/make-crls.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY } from '../../src/zone/instant.js';
import type { Revocation } from '../../src/zone/revocation.js';
import { FakeToken } from '../support/fake-pkcs11.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fakeKeyUri, makeTokenZone } from '../support/token-zone.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { entry } from '../support/zone-rows.js';
import { checkHome } from '../support/zone-fsck.js';

const OLD = 'an old passphrase';
const NEW = 'a new passphrase';
const LOST = { ca: true, compromised: true } as const;

function freshWorld(rest: Partial<TestWorld> = {}): TestWorld {
  return { zoneHome: join(temporaryFolder(), 'zone'), now: NOON, ...rest };
}

async function inZone<T>(
  world: TestWorld,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const ctx = await openTestZone(world);
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

function removeKey({ zoneHome }: TestWorld): void {
  rmSync(join(zoneHome, 'servers/ca1/certificate-authority/1/key.enc'));
}

/** As `ca revoke` does before it dies. */
async function revokeSomething({ store }: OperationContext): Promise<void> {
  const [authority] = await store.authorities();
  const revoked: Revocation = {
    fingerprint: 'ab'.repeat(32),
    issuerSpkiSha256: authority?.spkiSha256 ?? '',
    serial: '1234',
    reason: 'key-compromise',
    revokedAt: NOON,
    invalidityDate: null,
    notAfter: NOON + DAY,
    listedIn: null,
  };
  await store.commit(entry(), [{ type: 'put-revocations', revocations: [revoked] }]);
}

/** The hint of each finding about the CA's key. */
function keyMends(ctx: OperationContext): Promise<readonly (string | null)[]> {
  return examineZone(ctx, undefined, NOON).then((findings) =>
    findings.filter(({ examination }) => examination === 'ca-key').map(({ mend }) => mend),
  );
}

/** The new CA serves, signs on, and is all that is trusted. */
async function expectReplaced(world: TestWorld): Promise<void> {
  await inZone(world, async (ctx) => {
    const states = (await ctx.store.authorities()).map(({ state }) => state);
    expect(states).toEqual(['retired', 'active']);
    expect((await remint(ctx, { all: true })).operation.phase).toBe('done');
    expect(
      checkHome(join(world.zoneHome, 'servers/ca1'), new Date(NOON * 1000)).trust,
    ).toHaveLength(1);
  });
}

describe('a CA whose key file is lost is replaced', () => {
  test('as doctor says', async () => {
    const world = freshWorld();
    await makeTestZone(world);
    removeKey(world);
    await inZone(world, async (ctx) => {
      expect(await keyMends(ctx)).toContainEqual(
        expect.stringContaining('zmint ssl remint --ca --compromised --no-backup-check'),
      );
      await expect(remint(ctx, { ca: true })).rejects.toMatchObject({ code: 'not-found' });
      await remint(ctx, LOST);
    });
    await expectReplaced(world);
  });

  test('and the next one is locked with a passphrase that is asked for anew, once', async () => {
    const world = freshWorld({ passphrase: OLD });
    await makeTestZone(world);
    removeKey(world);
    const asked: string[] = [];
    await inZone(world, async (ctx) => {
      const give = (what: string) => (): Promise<Uint8Array> => {
        asked.push(what);
        return Promise.resolve(new TextEncoder().encode(NEW));
      };
      await remint({ ...ctx, passphrase: { existing: give('old'), fresh: give('new') } }, LOST);
    });
    expect(asked).toEqual(['new']);
    await expectReplaced({ ...world, passphrase: NEW });
  });

  test('without its passphrase, when the next one is in a token', async () => {
    const token = new FakeToken('hsm');
    const world = freshWorld({ passphrase: OLD });
    await makeTestZone(world, [], 'ed25519');
    const nobody = { zoneHome: world.zoneHome, now: NOON, tokens: [token], pin: '123456' };
    await inZone(nobody, (ctx) =>
      remint(ctx, { ...LOST, token: { uri: fakeKeyUri('hsm'), kind: 'named' } }),
    );
    await expectReplaced(nobody);
  });

  test('and a key file that is there proves the passphrase of the next one (I-21)', async () => {
    const world = freshWorld({ passphrase: OLD });
    await makeTestZone(world);
    await inZone({ ...world, passphrase: 'a slip of the fingers' }, async (ctx) => {
      const before = await ctx.store.lastEvents(1);
      await expect(remint(ctx, LOST)).rejects.toMatchObject({ code: 'wrong-passphrase' });
      expect(await ctx.store.lastEvents(1)).toEqual(before);
    });
    await inZone(world, (ctx) => remint(ctx, LOST));
    await expectReplaced(world);
  });
});

describe('a CA whose token is lost', () => {
  test('is replaced by one in another, as doctor says, and makes its own revocation list', async () => {
    const lost = new FakeToken('lost');
    const world = await makeTokenZone(lost);
    const other = { ...world, tokens: [new FakeToken('hsm')] };
    await inZone(other, async (ctx) => {
      expect(await keyMends(ctx)).toEqual([
        expect.stringContaining('zmint ssl remint --ca --compromised --key-uri URI'),
      ]);
      await expect(remint(ctx, LOST)).rejects.toMatchObject({ code: 'token-unavailable' });
      await remint(ctx, { ...LOST, token: { uri: fakeKeyUri('hsm'), kind: 'named' } });
    });
    await expectReplaced(other);
    await inZone(other, async (ctx) => {
      const plan = await planCrls(ctx, { days: null, due: null, reload: true }, NOON);
      if (plan === undefined) throw new Error('no CRL is due');
      const { issuers, keyless } = await executeCrls(ctx, plan);
      expect([issuers.map(({ generation }) => generation), keyless]).toEqual([[2], [1]]);
    });
    expect(lost.logins).toBe(1);
  });

  test('leaves a revocation without its list, and all else goes on until the token is back', async () => {
    const world = await makeTokenZone(new FakeToken());
    await inZone({ ...world, tokens: [] }, async (ctx) => {
      await revokeSomething(ctx);
      await expect(resumeOperations(ctx, NOON)).resolves.toEqual([]);
      expect(await ctx.store.unlistedRevocations()).toHaveLength(1);
    });
    await inZone(world, async (ctx) => {
      await resumeOperations(ctx, NOON);
      expect(await ctx.store.unlistedRevocations()).toEqual([]);
    });
  });
});
