import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import { checkCaRole, spkiOf } from '../support/ca-role.js';
import { EARLY, type KillScenario, type KillTally } from '../support/kill-rounds.js';
import { killTimes } from '../support/kill-times.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { makeTestZone, openTestZone, remint } from '../support/test-zone.js';

/** So many kills; `ZMINT_KILLS=200` takes some minutes. */
const KILLS = Number(process.env.ZMINT_KILLS ?? 30);
const PASSPHRASE = 'four words of peace';
const LIMIT = 2_400_000;
const RECOVER = resolve('docs/reference/recover-ca-key.mjs');

const tallies = new Map<string, KillTally>();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-move-kill-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const rows = [...tallies].map(([name, tally]) => {
    const counts = [...tally].sort().map(([phase, count]) => `${phase} ${count}`);
    return `  ${name}: ${counts.join(', ')}`;
  });
  process.stdout.write(`SIGKILL of ca move, by moment\n${rows.join('\n')}\n`);
});

async function zone(passphrase?: string): Promise<string> {
  const zoneHome = join(mkdtempSync(join(folder, 'start-')), 'zone');
  const now = Math.floor(Date.now() / 1000);
  const world = { zoneHome, now, ...(passphrase === undefined ? {} : { passphrase }) };
  await makeTestZone(world, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  const ctx = await openTestZone(world);
  await remint(ctx, { ca: true });
  ctx.store.close();
  return zoneHome;
}

/** How far the move had come. */
async function moment(reader: ZoneReader): Promise<string> {
  return (await reader.caMove())?.state ?? 'between two records';
}

/** The keys of the holder, opened by the program of the reference, which is not zmint's. */
async function openIndependently(
  reader: ZoneReader,
  zoneHome: string,
  passphrase?: string,
): Promise<void> {
  const { caMemberId } = await reader.zone();
  const holder = (await reader.members()).find(({ id }) => id === caMemberId);
  for (const { generation, spkiSha256 } of await reader.authorities()) {
    const home = join(zoneHome, 'servers', holder?.name ?? '');
    const file = join(home, 'certificate-authority', String(generation), 'key.enc');
    const unlock = passphrase === undefined ? [join(zoneHome, 'ca.unlock')] : [];
    const pem = execFileSync(process.execPath, [RECOVER, file, ...unlock], {
      input: `${passphrase ?? ''}\n`,
    });
    expect(spkiOf(createPrivateKey(pem))).toBe(spkiSha256);
  }
}

function scenario(start: string, passphrase?: string): KillScenario {
  const file = join(folder, 'passphrase');
  writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 });
  const own = passphrase === undefined ? {} : { passphrase };
  return {
    name: passphrase === undefined ? 'without a passphrase' : 'with a passphrase',
    start,
    words: ['ca', 'move', 'web1', '--no-backup-check', '--yes', '--passphrase-file', file],
    servers: ['ca1', 'web1'],
    phase: moment,
    killed: async (zoneHome) => {
      await checkCaRole(zoneHome, { ...own, settled: false });
    },
    check: async (reader, _seen, zoneHome) => {
      const holder = await checkCaRole(zoneHome, { ...own, settled: true });
      expect(['ca1', 'web1']).toContain(holder);
      expect(await reader.caMove()).toBeUndefined();
      await openIndependently(reader, zoneHome, passphrase);
      const loser = holder === 'ca1' ? 'web1' : 'ca1';
      const left = join(zoneHome, 'servers', loser, 'certificate-authority/1/key.enc');
      expect(existsSync(left)).toBe(false);
    },
  };
}

async function expectSafe(one: KillScenario, kills: number): Promise<void> {
  const tally = await killTimes(one, kills);
  tallies.set(one.name, tally);
  const hits = [...tally.values()].reduce((sum, count) => sum + count, 0);
  expect(hits).toBeGreaterThanOrEqual(kills);
  expect((hits - (tally.get(EARLY) ?? 0)) / hits).toBeGreaterThan(0.2);
}

describe('ca move is killed at random moments: one role, no key lost (I-11, I-16)', () => {
  test(
    'a zone without a passphrase',
    async () => {
      await expectSafe(scenario(await zone()), KILLS);
    },
    LIMIT,
  );

  test(
    'a zone with a passphrase, which the recovery is not given',
    async () => {
      await expectSafe(scenario(await zone(PASSPHRASE), PASSPHRASE), Math.ceil(KILLS / 3));
    },
    LIMIT,
  );
});

test('the independent program is the one of the reference', () => {
  expect(readFileSync(RECOVER, 'utf8')).not.toContain('../../src');
});
