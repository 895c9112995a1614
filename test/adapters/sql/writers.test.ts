import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import type { ZmintError } from '../../../src/errors.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';
import { entry, member, WHOLE_ZONE } from '../../support/zone-rows.js';
import { bundleChild, startChild } from './child-process.js';
import { WRITER } from './writer.js';

let bundle: string;
let home: string;

beforeAll(() => {
  bundle = bundleChild();
});

beforeEach(async () => {
  home = temporaryFolder();
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), [
    ...WHOLE_ZONE,
    { type: 'put-members', members: [member(1, { version: '0' })] },
  ]);
  store.close();
});

async function refusal(work: Promise<unknown>): Promise<ZmintError> {
  return work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error as ZmintError,
  );
}

describe('one writer (I-18)', () => {
  test('is named to the next one, which is refused', async () => {
    const first = await openZoneStore(home, WRITER);
    const error = await refusal(openZoneStore(home, { ...WRITER, command: 'second', pid: 1 }));
    expect(error).toMatchObject({
      code: 'busy',
      message: `zmint ssl remint --ca is writing to this zone: process ${process.pid}, since 2026-11-21T05:26:19Z`,
      details: { command: 'ssl remint --ca', pid: process.pid, since: '2026-11-21T05:26:19Z' },
    });
    const third = await refusal(createZoneStore(home, WRITER));
    expect(third.code).toBe('busy');
    first.close();
    first.close();
    (await openZoneStore(home, WRITER)).close();
  });

  test('is waited for without blocking the event loop', async () => {
    const first = await openZoneStore(home, WRITER);
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 5);
    const second = openZoneStore(home, { ...WRITER, waitSeconds: 30 });
    await waitUntil('the event loop turns', () => ticks > 20);
    clearInterval(ticking);
    first.close();
    (await second).close();
  });

  test('in another process gives the lock back to the kernel when it is killed', async () => {
    const child = startChild(bundle, ['hold', home]);
    await waitUntil('the child holds the lock', () => child.lines().includes('held'));
    const error = await refusal(openZoneStore(home, { ...WRITER, waitSeconds: 0.1 }));
    expect(error).toMatchObject({
      code: 'busy',
      details: { command: 'child', pid: child.process.pid },
    });
    child.process.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    (await openZoneStore(home, WRITER)).close();
  });

  test('at a time: two in 200 rounds lose no update', async () => {
    const children = [1, 2].map(() => startChild(bundle, ['add', home, '200']));
    for (const child of children) {
      expect([await child.ended, child.complaint()]).toEqual([0, '']);
    }
    const reader = await openZoneReader(home);
    const [first] = (await reader.members()).filter((one) => one.id === 'member-1');
    expect(first?.version).toBe('400');
    expect((await reader.lastEvents(1))[0]?.sequence).toBe(401);
    expect(await reader.damage()).toEqual([]);
    reader.close();
  }, 120_000);

  test('at a time: of four that create a zone at once, each finds what the others left', async () => {
    const fresh = join(home, 'fresh');
    mkdirSync(fresh, { mode: 0o700 });
    const children = [1, 2, 3, 4].map(() => startChild(bundle, ['create', fresh]));
    for (const child of children) {
      expect([await child.ended, child.complaint()]).toEqual([0, '']);
    }
    expect(statSync(join(fresh, 'zone.db')).mode & 0o777).toBe(0o600);
    const store = await createZoneStore(fresh, WRITER);
    expect(await store.damage()).toEqual([]);
    store.close();
  });
});

describe('a commit', () => {
  test('that was acknowledged survives SIGKILL at any moment (I-16, I-25)', async () => {
    let committed = 1;
    for (let kill = 0; kill < 20; kill += 1) {
      const child = startChild(bundle, ['commit', home]);
      await waitUntil('it commits', () => child.lines().length > kill);
      child.process.kill('SIGKILL');
      await child.ended;
      committed = Number(child.lines().at(-1));
      const reader = await openZoneReader(home);
      const events = await reader.events(0, 1_000_000);
      const filled = await reader.certificates({ purpose: 'server' });
      // The last one may have been durable before it could be said.
      expect(events.length - committed).toBeGreaterThanOrEqual(0);
      expect(events.length - committed).toBeLessThanOrEqual(1);
      // Event 1 made the zone with three of them; each event since has brought one.
      expect(filled.length - 3).toBe(events.length - 1);
      expect(await reader.damage()).toEqual([]);
      reader.close();
    }
    expect(committed).toBeGreaterThan(20);
  }, 120_000);

  test('that the disk refuses is undone, and no later one is tried on that descriptor (I-17)', async () => {
    const child = startChild(bundle, ['fill', home, '100000'], { limit: 2000 });
    expect([await child.ended, child.complaint()]).toEqual([0, '']);
    const [first, second] = child.lines().map((line) => JSON.parse(line) as ZmintError);
    const file = join(home, 'zone.db');
    expect(first).toMatchObject({ code: 'storage', details: { file } });
    expect(first?.message).toBe(`cannot use ${file}: the disk reports an error`);
    expect(second).toMatchObject({
      code: 'storage',
      message: `${file} refused an earlier write`,
    });
    const store = await openZoneStore(home, WRITER);
    expect(await store.damage()).toEqual([]);
    const events = await store.events(0, 1_000_000);
    const added = await store.certificates({ purpose: 'server' });
    expect(added.length - 3).toBe(events.length - 1);
    await store.commit(entry('mended'), []);
    store.close();
  });
});
