import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ZmintError } from '../../src/errors.js';
import { planCancel, executeCancel } from '../../src/operations/cancel-request.js';
import { planRemove } from '../../src/operations/change-members.js';
import { examineZone } from '../../src/operations/examine-zone.js';
import { executeCaMove, type CaMoveReport } from '../../src/operations/execute-ca-move.js';
import { planCaMove } from '../../src/operations/plan-ca-move.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { OperationPhase } from '../../src/zone/operation-terms.js';
import { DAY } from '../../src/zone/instant.js';
import { checkCaRole } from '../support/ca-role.js';
import { FaultLine } from '../support/fault-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { filesOf } from '../support/zone-state.js';

const PASSPHRASE = 'four words of peace';
const OTHERS = [
  { name: 'web1', dnsName: 'web1.example.com' },
  { name: 'sat1', dnsName: 'sat1.example.com', kind: 'satellite' },
];

let original = '';

beforeAll(async () => {
  original = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: original, now: NOON, passphrase: PASSPHRASE }, OTHERS);
});

function copyOf(zone = original): string {
  const zoneHome = join(temporaryFolder(), 'zone');
  cpSync(zone, zoneHome, { recursive: true, verbatimSymlinks: true });
  return zoneHome;
}

async function inZone<T>(
  zoneHome: string,
  work: (ctx: OperationContext) => Promise<T>,
  world: Partial<TestWorld> = {},
): Promise<T> {
  const ctx = await openTestZone({ zoneHome, now: NOON, passphrase: PASSPHRASE, ...world });
  try {
    return await work(ctx);
  } finally {
    ctx.store.close();
  }
}

async function move(ctx: OperationContext, to: string): Promise<CaMoveReport> {
  const plan = await planCaMove(ctx, { server: to, backupCheck: false }, NOON);
  if (plan === undefined) throw new Error('nothing to move');
  return executeCaMove(ctx, plan);
}

interface Header {
  readonly nonce: string;
  readonly kdf: { readonly salt: string };
}

function headerOf(text: string): Header {
  return (JSON.parse(text) as { readonly header: Header }).header;
}

const folderOf = (zoneHome: string, name: string): string =>
  join(zoneHome, 'servers', name, 'certificate-authority');

describe('a move of the CA role', () => {
  test('takes the key along, locked anew with the same passphrase', async () => {
    const zoneHome = copyOf();
    const before = readFileSync(join(folderOf(zoneHome, 'ca1'), '1/key.enc'), 'utf8');
    const report = await inZone(zoneHome, (ctx) => move(ctx, 'web1'));
    expect([report.moved, report.stayed]).toEqual([[1], []]);
    const after = readFileSync(join(folderOf(zoneHome, 'web1'), '1/key.enc'), 'utf8');
    const [fresh, old] = [headerOf(after), headerOf(before)];
    expect(fresh.nonce).not.toEqual(old.nonce);
    expect(fresh.kdf.salt).not.toEqual(old.kdf.salt);
    expect(readdirSync(join(folderOf(zoneHome, 'web1'), '1')).sort()).toEqual([
      'ca.cert',
      'key.enc',
    ]);
    expect(readdirSync(folderOf(zoneHome, 'ca1'))).toEqual([]);
    expect(await checkCaRole(zoneHome, { passphrase: PASSPHRASE, settled: true })).toBe('web1');
  });

  test('leaves a zone that remints its CA and its servers', async () => {
    const zoneHome = copyOf();
    await inZone(zoneHome, async (ctx) => {
      await move(ctx, 'web1');
      expect((await remint(ctx, { ca: true })).operation.phase).toBe('active');
    });
    expect(readdirSync(folderOf(zoneHome, 'web1')).sort()).toEqual(['1', '2']);
    expect(await checkCaRole(zoneHome, { passphrase: PASSPHRASE, settled: true })).toBe('web1');
  });

  test('is told in the audit log, with who and what', async () => {
    const zoneHome = copyOf();
    const events = await inZone(zoneHome, async (ctx) => {
      await move(ctx, 'web1');
      return ctx.store.lastEvents(3);
    });
    expect(events.map(({ what }) => what)).toEqual([
      'ca-move-started',
      'ca-moved',
      'ca-move-finished',
    ]);
    expect(events[1]).toMatchObject({
      actor: 'tester',
      details: { from: '/Devices/Servers/ca1', to: '/Devices/Servers/web1', generations: [1] },
    });
  });

  test('to the server that has it is nothing to do', async () => {
    await inZone(original, async (ctx) => {
      expect(await planCaMove(ctx, { server: 'ca1', backupCheck: false }, NOON)).toBeUndefined();
    });
  });

  test('with a wrong passphrase changes nothing', async () => {
    const zoneHome = copyOf();
    const before = filesOf(zoneHome);
    await inZone(
      zoneHome,
      async (ctx) => {
        const [event] = await ctx.store.lastEvents(1);
        await expect(move(ctx, 'web1')).rejects.toMatchObject({ code: 'wrong-passphrase' });
        expect(await ctx.store.lastEvents(1)).toEqual([event]);
      },
      { passphrase: 'four words of pease' },
    );
    expect(filesOf(zoneHome)).toEqual(before);
  });

  test('on a disk that is full is taken back, and the disk’s error is told', async () => {
    const zoneHome = copyOf();
    const before = filesOf(zoneHome);
    await inZone(zoneHome, async (ctx) => {
      const full = new ZmintError('storage', 'no space is left');
      const vault = {
        ...bound(ctx.vault),
        publishCertificate: () => Promise.reject(full),
      };
      await expect(move({ ...ctx, vault }, 'web1')).rejects.toBe(full);
      expect(await ctx.store.caMove()).toBeUndefined();
    });
    const left = filesOf(zoneHome).filter(([path]) => !path.endsWith('certificate-authority'));
    expect(left).toEqual(before.filter(([path]) => !path.endsWith('certificate-authority')));
    expect(await checkCaRole(zoneHome, { passphrase: PASSPHRASE, settled: true })).toBe('ca1');
  });
});

function bound(vault: OperationContext['vault']): OperationContext['vault'] {
  return {
    seal: (...all) => vault.seal(...all),
    open: (...all) => vault.open(...all),
    lockedBy: (...all) => vault.lockedBy(...all),
    copy: (...all) => vault.copy(...all),
    list: (home) => vault.list(home),
    discard: (one) => vault.discard(one),
    publishCertificate: (...all) => vault.publishCertificate(...all),
  };
}

describe('is refused', () => {
  test.each([
    ['to a satellite', 'sat1', 'policy', /sat1 is a satellite: only a Primary Server/u],
    ['to nobody', 'web9', 'unknown-member', /no member "web9"/u],
  ])('%s', async (_, word, code, message) => {
    await inZone(original, async (ctx) => {
      const plan = planCaMove(ctx, { server: word, backupCheck: false }, NOON);
      await expect(plan).rejects.toMatchObject({ code });
      await expect(plan).rejects.toThrow(message);
    });
  });

  test.each<[OperationPhase, boolean]>([
    ['preparing', false],
    ['prepared', false],
    ['staging', false],
    ['armed', true],
    ['activating', true],
    ['active', true],
    ['retiring', false],
    ['cancelling', false],
  ])('while a CA operation is %s: allowed is %p', async (phase, allowed) => {
    const zoneHome = copyOf();
    await inZone(zoneHome, async (ctx) => {
      const activateAt = { when: 'at', instant: NOON + 14 * DAY } as const;
      const { operation } = await remint(ctx, { ca: true, activateAt });
      const entry = { at: NOON, actor: 'x', what: 'x', operationId: null, details: {} };
      await ctx.store.commit(entry, [
        { type: 'put-operation', operation: { ...operation, phase } },
      ]);
      const plan = planCaMove(ctx, { server: 'web1', backupCheck: false }, NOON);
      if (allowed) {
        expect((await plan)?.keys.map(({ generation }) => generation)).toEqual([1, 2]);
        return;
      }
      await expect(plan).rejects.toMatchObject({
        code: 'operation-pending',
        details: { operation: operation.id, phase },
      });
    });
  });

  test('where the home of the server is not there', async () => {
    const zoneHome = copyOf();
    renameSync(join(zoneHome, 'servers/web1'), join(zoneHome, 'servers/away'));
    await inZone(zoneHome, async (ctx) => {
      await expect(
        planCaMove(ctx, { server: 'web1', backupCheck: false }, NOON),
      ).rejects.toMatchObject({ code: 'damaged' });
    });
  });

  test('where the key is gone, before anything is written', async () => {
    const zoneHome = copyOf();
    rmSync(join(folderOf(zoneHome, 'ca1'), '1/key.enc'));
    await inZone(zoneHome, async (ctx) => {
      await expect(move(ctx, 'web1')).rejects.toMatchObject({ code: 'not-found' });
      expect(await ctx.store.caMove()).toBeUndefined();
    });
  });
});

describe('while an operation waits', () => {
  test('the key that waits goes along, and a cancel removes it where it is', async () => {
    const zoneHome = copyOf();
    await inZone(zoneHome, async (ctx) => {
      const activateAt = { when: 'at', instant: NOON + 14 * DAY } as const;
      await remint(ctx, { ca: true, activateAt });
      expect((await move(ctx, 'web1')).moved).toEqual([1, 2]);
      await executeCancel(ctx, await planCancel(ctx, { members: [] }, NOON));
    });
    expect(readdirSync(folderOf(zoneHome, 'web1'))).toEqual(['1']);
    expect(await checkCaRole(zoneHome, { passphrase: PASSPHRASE, settled: true })).toBe('web1');
  });
});

/** A zone in which a move died: at its second commit, or right after it. */
async function interrupted(when: 'before' | 'after'): Promise<string> {
  const zoneHome = copyOf();
  const counting = new FaultLine();
  const tried = copyOf();
  await inZone(tried, (ctx) => move(ctx, 'web1'), { faults: counting });
  const at = 1 + counting.log.findIndex((name) => name === 'store.commit ca-moved');
  const faults = new FaultLine({ when, at });
  await inZone(zoneHome, (ctx) => move(ctx, 'web1'), { faults }).catch(() => undefined);
  expect(faults.crashed).toBe(true);
  return zoneHome;
}

describe('a move that died', () => {
  test.each([
    ['before', 'ca1', 'web1'],
    ['after', 'web1', 'ca1'],
  ] as const)(
    '%s its role changed: doctor tells, ssl resume settles',
    async (when, holder, stale) => {
      const zoneHome = await interrupted(when);
      await inZone(zoneHome, async (ctx) => {
        const findings = await examineZone(ctx, undefined, NOON);
        expect(findings.filter(({ severity }) => severity === 'problem')).toEqual([
          expect.objectContaining({ examination: 'ca-key', mend: 'zmint ssl resume' }),
        ]);
        expect(findings.find(({ code }) => code === 'partial')?.message).toContain(
          `servers/${stale}`,
        );
        await expect(planRemove(ctx, stale, NOON)).rejects.toMatchObject({
          code: 'operation-pending',
        });
        await resumeOperations({ ...ctx, passphrase: nobody }, NOON);
        expect(await ctx.store.caMove()).toBeUndefined();
        const after = await examineZone(ctx, undefined, NOON);
        expect(after.filter(({ severity }) => severity === 'problem')).toEqual([]);
      });
      expect(await checkCaRole(zoneHome, { passphrase: PASSPHRASE, settled: true })).toBe(holder);
    },
  );

  test('never loses the only copy of a key', async () => {
    const zoneHome = await interrupted('before');
    rmSync(join(folderOf(zoneHome, 'ca1'), '1'), { recursive: true });
    await inZone(zoneHome, async (ctx) => {
      const settled = resumeOperations(ctx, NOON);
      await expect(settled).rejects.toMatchObject({ code: 'damaged' });
      await expect(settled).rejects.toThrow(/only key of CA generation 1 lies in/u);
    });
    expect(readdirSync(join(folderOf(zoneHome, 'web1'), '1'))).toContain('key.enc');
  });
});

const nobody = {
  existing: () => Promise.reject(new Error('asked')),
  fresh: () => Promise.reject(new Error('asked')),
};

test('a copy that came back from a backup of a home is told with the command that removes it', async () => {
  const zoneHome = copyOf();
  const kept = join(temporaryFolder(), 'kept');
  cpSync(folderOf(zoneHome, 'ca1'), kept, { recursive: true });
  await inZone(zoneHome, async (ctx) => {
    await move(ctx, 'web1');
    mkdirSync(folderOf(zoneHome, 'ca1'), { recursive: true });
    cpSync(kept, folderOf(zoneHome, 'ca1'), { recursive: true });
    const findings = await examineZone(ctx, undefined, NOON);
    expect(findings).toContainEqual({
      examination: 'ca-key',
      severity: 'notice',
      message: 'ca1 has a copy of the key of CA generation 1, which it does not hold',
      mend: `rm -r ${folderOf(zoneHome, 'ca1')}/1`,
      code: null,
    });
  });
});

test('the holder cannot be removed, and the hint says what comes first', async () => {
  await inZone(original, async (ctx) => {
    await expect(planRemove(ctx, 'ca1', NOON)).rejects.toMatchObject({
      code: 'policy',
      hint: 'move it first: zmint ca move SERVER, then zmint server remove ca1',
    });
  });
});
