import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CertificateRecord } from '../../src/zone/certificate-record.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { zmint, type TimedRun } from '../support/run-program.js';
import { makeTestZone } from '../support/test-zone.js';
import { checkHome } from '../support/zone-fsck.js';
import { withReader } from '../support/zone-state.js';

/** More than one batch of the program, which has 500. */
const SERVERS = Array.from({ length: 600 }, (_, index) => `web${index + 1}`);
const SOON_MS = 20_000;
const LIMIT = 600_000;

let folder = '';
let zoneHome = '';

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-sigint-'));
  zoneHome = join(folder, 'zone');
  const others = SERVERS.map((name) => ({ name, dnsName: `${name}.example.com` }));
  await makeTestZone({ zoneHome, now: Math.floor(Date.now() / 1000), batchSize: 300 }, others);
}, LIMIT);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the newest operation has recorded so far. */
function recorded(): Promise<{
  readonly phase: string | undefined;
  readonly minted: readonly CertificateRecord[];
}> {
  return withReader(zoneHome, async (reader) => {
    const operation = (await reader.operations()).at(-1);
    if (operation === undefined) return { phase: undefined, minted: [] };
    const filter = { purpose: 'server', operationId: operation.id } as const;
    return { phase: operation.phase, minted: await reader.certificates(filter) };
  });
}

async function minting(): Promise<void> {
  for (;;) {
    const operation = await withReader(
      zoneHome,
      async (reader) => (await reader.operations()).at(-1)?.id,
    );
    const count = (id: string): Promise<number> =>
      withReader(zoneHome, (reader) => reader.countParts(id, 'minted'));
    if (operation !== undefined && (await count(operation)) > 0) return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

interface Interrupted extends TimedRun {
  /** From the signal to the end. */
  readonly endedAfterMs: number;
}

async function interrupt(words: readonly string[]): Promise<Interrupted> {
  let child: ChildProcess | undefined;
  const running = zmint(words, { started: (one) => (child = one) });
  await Promise.race([minting(), running]);
  const begun = performance.now();
  child?.kill('SIGINT');
  const run = await running;
  return { ...run, endedAfterMs: performance.now() - begun };
}

function leaves(): readonly string[] {
  const now = new Date();
  return ['ca1', ...SERVERS].map((name) => checkHome(join(zoneHome, 'servers', name), now).leaf);
}

test(
  'I-1, I-11: an interrupt of a large remint ends it soon, and nothing that was recorded is made again',
  async () => {
    const before = leaves();
    const at = ['--zone', zoneHome];
    const words = [
      ...at,
      'ssl',
      'remint',
      '--ca',
      '--no-backup-check',
      '--activate-at',
      'now',
      '--yes',
    ];
    const run = await interrupt(words);
    expect({ status: run.status, signal: run.signal }).toEqual({ status: 130, signal: null });
    expect(run.err).toContain('zmint status');
    expect(run.endedAfterMs).toBeLessThan(SOON_MS);

    const { phase, minted } = await recorded();
    expect(minted.length).toBeGreaterThan(0);
    expect(['preparing', 'prepared', 'staging']).toContain(phase);
    expect(leaves()).toEqual(before);
    const status = await zmint([...at, 'status']);
    expect(status.out).toContain('zmint ssl resume');

    const resumed = await zmint([...at, 'ssl', 'resume']);
    expect({ status: resumed.status, err: resumed.err }).toMatchObject({ status: 0 });
    const after = await recorded();
    expect(after.phase).toBe('active');
    expect(after.minted).toHaveLength(1 + SERVERS.length);
    const all = new Set(after.minted.map((one) => one.fingerprint));
    expect(minted.filter((one) => !all.has(one.fingerprint))).toEqual([]);
    expect(new Set(leaves())).toEqual(all);
  },
  LIMIT,
);
