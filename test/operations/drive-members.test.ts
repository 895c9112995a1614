import { describe, expect, test } from '@jest/globals';
import type { OperationMember } from '../../src/zone/operation.js';
import { driveRig, type FakeServer } from './drive-rig.js';

function servers(count: number, rest: Omit<FakeServer, 'name'> = {}): readonly FakeServer[] {
  return Array.from({ length: count }, (_, index) => ({ name: `web${index + 1}`, ...rest }));
}

function problems(parts: readonly OperationMember[]): readonly (string | undefined)[] {
  return parts.map((part) => part.problem?.message);
}

/** How many links each wave switched. */
function waveSizes(log: readonly string[]): readonly number[] {
  const waves = log.join('\n').split('commit').slice(0, -1);
  return waves.map((wave) => wave.split(' 2\n').length - 1);
}

const SMALL = { first: 1, served: 2, files: 3, reloads: 1 };

describe('the order of a wave', () => {
  test('links, one flush, one reload for equal commands, looks, one commit (I-2, I-12, I-16)', async () => {
    const rig = driveRig(servers(3, { reload: 'r', probe: true }));
    const parts = await rig.drive();
    expect(rig.log).toEqual([
      ...['link web1 2', 'link web2 2', 'link web3 2', 'flush', 'reload r'],
      ...['look web1', 'look web2', 'look web3', 'commit'],
    ]);
    expect(parts.map((part) => part.evidence)).toEqual(['handshake', 'handshake', 'handshake']);
  });

  test('without reload and probe a thousand go at once', async () => {
    const rig = driveRig(servers(1500));
    const parts = await rig.drive();
    expect(waveSizes(rig.log)).toEqual([1000, 500]);
    expect(rig.log.filter((line) => line === 'flush')).toHaveLength(2);
    expect(parts.every((part) => part.evidence === 'files')).toBe(true);
    expect(rig.entries[0]?.details).toEqual({ succeeded: 1000, failed: [] });
  });

  test('ranks go one after the other, the served of each before the others', async () => {
    const rig = driveRig([
      { name: 'rest', order: 3 },
      { name: 'quiet', order: 0 },
      { name: 'ca1', order: 0, reload: 'r' },
    ]);
    await rig.drive();
    const links = rig.log.filter((line) => line.startsWith('link'));
    expect(links).toEqual(['link ca1 2', 'link quiet 2', 'link rest 2']);
    expect(rig.log.filter((line) => line === 'commit')).toHaveLength(3);
  });

  test('a few go first, and many after them', async () => {
    const rig = driveRig(servers(100, { probe: true }));
    await rig.drive();
    expect(waveSizes(rig.log)).toEqual([8, 64, 28]);
  });

  test('after a wave that mostly failed a few go again', async () => {
    const limits = { ...SMALL, first: 2, served: 4 };
    const rig = driveRig(servers(12, { probe: true }), { looks: ['web3', 'web4', 'web5'] });
    const parts = await rig.drive({ limits });
    expect(waveSizes(rig.log)).toEqual([2, 4, 2, 4]);
    expect(parts.filter((part) => part.problem !== null)).toHaveLength(3);
  });

  test('equal commands stand together, so that they run as rarely as can be', async () => {
    const mixed = servers(8).map((one, index) => ({ ...one, reload: index % 2 === 0 ? 'a' : 'b' }));
    const rig = driveRig(mixed);
    await rig.drive({ limits: { ...SMALL, first: 4, served: 4 } });
    const reloads = rig.log.filter((line) => line.startsWith('reload'));
    expect(reloads).toEqual(['reload a', 'reload b']);
  });
});

describe('who fails is put back and the others go on', () => {
  test('a shared command that fails: all of its members, by one more run', async () => {
    const rig = driveRig([...servers(2, { reload: 'bad' }), { name: 'db1', reload: 'good' }], {
      reloads: ['bad'],
    });
    const parts = await rig.drive();
    expect(rig.log.filter((line) => line === 'reload bad')).toHaveLength(2);
    expect([...rig.live.values()]).toEqual([1, 1, 2]);
    const text = (name: string) => `the reload command of ${name}, run once for 2 servers, ended`;
    expect(problems(parts)).toEqual([
      expect.stringContaining(`${text('web1')} with status 1: no; going back failed too`),
      expect.stringContaining(text('web2')),
      undefined,
    ]);
    expect(rig.entries[0]?.details).toMatchObject({
      members: [{ problem: 'reload-failed' }, {}, {}],
    });
  });

  test('looks that fail: those alone, by one more run of their command', async () => {
    const rig = driveRig(servers(3, { reload: 'r', probe: true }), { looks: ['web1', 'web3'] });
    const parts = await rig.drive();
    expect([...rig.live.values()]).toEqual([1, 2, 1]);
    expect(rig.log.slice(rig.log.lastIndexOf('link web1 1'))).toEqual([
      ...['link web1 1', 'link web3 1', 'flush', 'reload r', 'commit'],
    ]);
    expect(problems(parts)).toEqual([
      'web1 is away; the set from before is live again',
      undefined,
      'web3 is away; the set from before is live again',
    ]);
  });

  test('a link that cannot be switched: nothing is reloaded for it', async () => {
    const rig = driveRig(
      [
        { name: 'web1', reload: 'a' },
        { name: 'web2', reload: 'b' },
      ],
      {
        links: ['web1'],
      },
    );
    const parts = await rig.drive();
    expect(rig.log).toEqual(['link web2 2', 'flush', 'reload b', 'commit']);
    expect(problems(parts)).toEqual(['the set of web1 is not complete', undefined]);
  });

  test('without a set from before the link stays', async () => {
    const rig = driveRig(servers(1, { reload: 'bad', noBack: true }), { reloads: ['bad'] });
    expect(problems(await rig.drive())).toEqual([
      'the reload command of web1 ended with status 1: no',
    ]);
    expect(rig.live.get('web1')).toBe(2);
  });
});

describe('a flush that fails (I-16, I-17)', () => {
  test('before the reloads: links as before, nothing recorded, the next waves not begun', async () => {
    const rig = driveRig(servers(5, { reload: 'r' }), { flush: 2 });
    await expect(rig.drive({ limits: SMALL })).rejects.toMatchObject({ code: 'storage' });
    expect([...rig.live.values()]).toEqual([2, 1, 1, 1, 1]);
    expect(rig.entries).toHaveLength(1);
    expect(rig.log.filter((line) => line.startsWith('reload'))).toHaveLength(1);
  });

  test('while members are put back: nothing of the wave is recorded', async () => {
    const rig = driveRig(servers(1, { reload: 'r', probe: true }), { looks: ['web1'], flush: 2 });
    await expect(rig.drive()).rejects.toMatchObject({ code: 'storage' });
    expect(rig.entries).toEqual([]);
  });
});

describe('what is told', () => {
  test('a batch of a longer step counts on', async () => {
    const rig = driveRig(servers(2));
    await rig.drive({ progress: { done: 1000, total: 1002 } });
    expect(rig.events[0]).toEqual({ type: 'begin', step: 'activate', total: 1002, done: 1000 });
    expect(rig.events.filter((event) => event.type === 'advance').at(-1)).toMatchObject({
      done: 1002,
    });
  });

  test('of more than fifty members an event names those that failed', async () => {
    const rig = driveRig(servers(60, { probe: true }), { looks: ['web9'] });
    await rig.drive({ limits: { ...SMALL, first: 60 } });
    expect(rig.entries[0]?.details).toEqual({
      succeeded: 59,
      failed: [{ member: 'web9', problem: 'unreachable' }],
    });
  });
});
