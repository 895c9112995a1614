import { join } from 'node:path';
import { beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import {
  executeAddAdministrator,
  executeRemoveAdministrator,
  executeSetPassword,
  planAddAdministrator,
  planRemoveAdministrator,
  planSetPassword,
} from '../../src/operations/change-administrators.js';
import { listAdministrators } from '../../src/operations/list-administrators.js';
import { verifyAdministrator } from '../../src/operations/verify-administrator.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { Privilege } from '../../src/zone/administrator.js';
import { FaultLine } from '../support/fault-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const GOOD = 'four words of peace';

let zoneHome = '';
let ctx: OperationContext;

beforeEach(async () => {
  zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOON });
  ctx = await openTestZone({ zoneHome, now: NOON });
});

afterEach(() => {
  ctx.store.close();
});

async function add(name: string, privilege: Privilege, password = GOOD): Promise<void> {
  const plan = await planAddAdministrator(ctx, { name, privilege }, NOON);
  await executeAddAdministrator(ctx, plan, bytes(password));
}

describe('administrators', () => {
  test('are added, listed without anything of a password, and removed', async () => {
    await add('anna', 'admin');
    await add('bert', 'operator');
    const rows = await listAdministrators(ctx);
    expect(rows).toEqual([
      { name: 'anna', privilege: 'admin', addedAt: NOON, passwordSetAt: NOON },
      { name: 'bert', privilege: 'operator', addedAt: NOON, passwordSetAt: NOON },
    ]);
    await executeRemoveAdministrator(ctx, await planRemoveAdministrator(ctx, 'bert', NOON));
    await executeRemoveAdministrator(ctx, await planRemoveAdministrator(ctx, 'anna', NOON));
    expect(await listAdministrators(ctx)).toEqual([]);
    const events = await ctx.store.lastEvents(4);
    expect(events.map(({ what, actor, details }) => [what, actor, details.name])).toEqual([
      ['administrator-added', 'tester', 'anna'],
      ['administrator-added', 'tester', 'bert'],
      ['administrator-removed', 'tester', 'bert'],
      ['administrator-removed', 'tester', 'anna'],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/salt|hash":"[A-Za-z0-9+/]{43}=/u);
  });

  test.each(['', 'Anna', '1anna', 'an na', 'anna\n', 'änna', `a${'b'.repeat(64)}`, '../anna'])(
    '%p is no name',
    async (name) => {
      const plan = planAddAdministrator(ctx, { name, privilege: 'admin' }, NOON);
      await expect(plan).rejects.toMatchObject({ code: 'policy' });
    },
  );

  test('have passwords of 10 characters at least, whatever their bytes', async () => {
    await expect(add('anna', 'admin', 'äöüäöüäöü')).rejects.toMatchObject({ code: 'policy' });
    expect(await listAdministrators(ctx)).toEqual([]);
    await add('anna', 'admin', 'äöüäöüäöüä');
    const plan = await planSetPassword(ctx, 'anna', NOON);
    const short = executeSetPassword(ctx, plan, bytes('short'));
    await expect(short).rejects.toMatchObject({ code: 'policy' });
    expect(await verifyAdministrator(ctx, 'anna', bytes('äöüäöüäöüä'))).toBeDefined();
  });

  test('begin with an admin, and end with one as long as there are operators', async () => {
    await expect(add('bert', 'operator')).rejects.toThrow(/first administrator/u);
    await add('anna', 'admin');
    await add('bert', 'operator');
    const last = planRemoveAdministrator(ctx, 'anna', NOON);
    await expect(last).rejects.toMatchObject({ code: 'policy' });
    await add('carl', 'admin');
    await executeRemoveAdministrator(ctx, await planRemoveAdministrator(ctx, 'anna', NOON));
    expect((await listAdministrators(ctx)).map(({ name }) => name)).toEqual(['bert', 'carl']);
  });

  test('have a name once; who is not there is not found', async () => {
    await add('anna', 'admin');
    await expect(add('anna', 'operator')).rejects.toThrow(/anna already/u);
    for (const plan of [planSetPassword, planRemoveAdministrator])
      await expect(plan(ctx, 'dora', NOON)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a change that dies leaves the old password or the new one (I-25)', async () => {
    await add('anna', 'admin');
    for (const when of ['before', 'after'] as const) {
      const faults = new FaultLine({ when, at: 1 });
      ctx.store.close();
      ctx = await openTestZone({ zoneHome, now: NOON, faults });
      const plan = await planSetPassword(ctx, 'anna', NOON);
      await executeSetPassword(ctx, plan, bytes('another one of peace')).catch(() => undefined);
      expect(faults.crashed).toBe(true);
      ctx.store.close();
      ctx = await openTestZone({ zoneHome, now: NOON });
      const right = when === 'before' ? GOOD : 'another one of peace';
      expect(await verifyAdministrator(ctx, 'anna', bytes(right))).toBeDefined();
      expect(await ctx.store.damage()).toEqual([]);
    }
  });
});

describe('who signs in', () => {
  test('is known by name and password', async () => {
    await add('anna', 'admin');
    const row = { name: 'anna', privilege: 'admin', addedAt: NOON, passwordSetAt: NOON };
    expect(await verifyAdministrator(ctx, 'anna', bytes(GOOD))).toEqual(row);
    expect(await verifyAdministrator(ctx, 'anna', bytes('four words of pease'))).toBeUndefined();
    expect(await verifyAdministrator(ctx, 'dora', bytes(GOOD))).toBeUndefined();
    const plan = await planSetPassword(ctx, 'anna', NOON + 1);
    await executeSetPassword(ctx, plan, bytes('another one of peace'));
    expect(await verifyAdministrator(ctx, 'anna', bytes(GOOD))).toBeUndefined();
    expect(await verifyAdministrator(ctx, 'anna', bytes('another one of peace'))).toEqual({
      ...row,
      passwordSetAt: NOON + 1,
    });
  });

  test('costs one derivation, right, wrong or unknown', async () => {
    await add('anna', 'admin');
    const seen: (object | undefined)[] = [];
    const passwords: OperationContext['passwords'] = {
      hash: (password) => ctx.passwords.hash(password),
      verify: (password, hash) => {
        seen.push(hash);
        return ctx.passwords.verify(password, hash);
      },
    };
    const asked = { ...ctx, passwords };
    for (const [name, password] of [
      ['anna', GOOD],
      ['anna', 'four words of pease'],
      ['dora', GOOD],
    ] as const)
      await verifyAdministrator(asked, name, bytes(password));
    expect(seen.map((hash) => hash !== undefined)).toEqual([true, true, false]);
  });

  test('of whom the record was altered is an error', async () => {
    await add('anna', 'admin');
    const one = await ctx.store.administrator('anna');
    const password = {
      ...one?.password,
      N: 2,
      kdf: 'scrypt',
      r: 8,
      p: 1,
      salt: '',
      hash: '',
    } as const;
    const store = {
      ...ctx.store,
      administrator: () => Promise.resolve(one && { ...one, password }),
    };
    const verdict = verifyAdministrator(
      { ...ctx, store: { ...ctx.store, ...store } },
      'anna',
      bytes(GOOD),
    );
    await expect(verdict).rejects.toMatchObject({ code: 'damaged' });
  });
});
