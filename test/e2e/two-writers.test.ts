import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openZoneReader } from '../../src/adapters/sql/open-zone-reader.js';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { zmint, type TimedRun } from '../support/run-program.js';
import { makeTestZone } from '../support/test-zone.js';
import { waitUntil } from '../support/wait-until.js';
import { checkHome } from '../support/zone-fsck.js';

const ROUNDS = Number(process.env.ZMINT_ROUNDS ?? 200);
const SERVERS = ['web1', 'web2', 'web3', 'web4'];
const BUSY = 11;
const PENDING = 13;
/** Readers wait for nobody; a slow machine is given its own usual time. */
const LONGEST_READ_MS = 1000;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-writers-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A command, and how it shows in the zone that it was done. */
interface Deed {
  readonly words: readonly string[];
  readonly isThere: (zone: ZoneFacts) => boolean;
}

interface ZoneFacts {
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly updates: ReadonlyMap<string, string>;
}

/** What one of the two does in a round: a mix in a fixed order, so that each kind meets each. */
function deedOf(round: number, writer: number): Deed {
  const mark = `r${round}${writer === 0 ? 'a' : 'b'}`;
  const server = SERVERS[(round * (writer + 1) + Math.floor(round / 7)) % SERVERS.length] ?? '';
  const kind = (writer === 0 ? round : Math.floor(round / 5)) % 5;
  const fqdn = `${mark}.example.com`;
  if (kind === 0 || kind === 1) {
    return {
      words: ['server', 'set', server, '--add-dns', fqdn],
      isThere: ({ names }) => names.get(server)?.includes(fqdn) === true,
    };
  }
  if (kind === 2) {
    return {
      words: ['server', 'add', mark, '--dns', fqdn],
      isThere: ({ names }) => names.has(mark),
    };
  }
  if (kind === 3) {
    return {
      words: ['device', 'add', mark],
      isThere: ({ names }) => names.has(mark),
    };
  }
  return {
    words: ['ssl', 'remint', server, '--update-name', mark],
    isThere: ({ updates }) => updates.get(mark) === 'done',
  };
}

async function factsOf(reader: ZoneReader): Promise<ZoneFacts> {
  const members = await reader.members();
  const operations = await reader.operations();
  return {
    names: new Map(members.map((member) => [member.name, member.additionalDnsNames])),
    updates: new Map(operations.map(({ updateName, phase }) => [updateName, phase])),
  };
}

/** Reads the status again and again until told to stop; returns every run. */
async function readOn(zoneHome: string, isOver: () => boolean): Promise<readonly TimedRun[]> {
  const runs: TimedRun[] = [];
  while (!isOver()) runs.push(await zmint(['--zone', zoneHome, 'status', '--json']));
  return runs;
}

describe('two processes that change one zone at once (I-18, I-25)', () => {
  test('200 rounds: each works or says that the zone is busy, and nothing is lost', async () => {
    const zoneHome = join(folder, 'zone');
    const others = SERVERS.map((name) => ({ name, dnsName: `${name}.example.com` }));
    await makeTestZone({ zoneHome, now: Math.floor(Date.now() / 1000) }, others);
    let over = false;
    const reading = readOn(zoneHome, () => over);
    const done: Deed[] = [];
    const statuses = new Map<number | null, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const deeds = [deedOf(round, 0), deedOf(round, 1)];
      const runs = await Promise.all(
        deeds.map(({ words }) => zmint(['--zone', zoneHome, ...words, '--yes'])),
      );
      for (const [index, run] of runs.entries()) {
        statuses.set(run.status, 1 + (statuses.get(run.status) ?? 0));
        const deed = deeds[index];
        if (run.status === 0 && deed !== undefined) done.push(deed);
        else if (run.status !== BUSY && run.status !== PENDING)
          throw new Error(`${deed?.words.join(' ') ?? ''}: ${String(run.status)} ${run.err}`);
      }
    }
    over = true;
    const reads = await reading;
    process.stdout.write(
      `exit statuses of ${2 * ROUNDS} writers: ${JSON.stringify([...statuses])}\n`,
    );
    await expectKept(zoneHome, done);
    expectReads(reads);
  }, 600_000);

  test('who comes while another works is told so within five seconds, and readers go on', async () => {
    const zoneHome = join(folder, 'busy');
    const marker = join(folder, 'reloading');
    const wait = `touch ${marker}; while [ -e ${marker} ]; do sleep 0.05; done`;
    const now = Math.floor(Date.now() / 1000);
    await makeTestZone({ zoneHome, now }, [
      { name: 'web1', dnsName: 'web1.example.com', reload: wait },
    ]);
    const first = zmint(['--zone', zoneHome, 'ssl', 'remint', 'web1', '--yes']);
    const late = [
      '--zone',
      zoneHome,
      'server',
      'set',
      'web1',
      '--ip',
      '192.0.2.7',
      '--yes',
      '--json',
    ];
    await waitUntil('the first command holds the lock', () => existsSync(marker), 60_000);
    const [refused, read] = await Promise.all([
      zmint(late),
      zmint(['--zone', zoneHome, 'status', '--json']),
    ]);
    expect(read.status).toBe(0);
    expect(refused.status).toBe(BUSY);
    expect(JSON.parse(refused.out)).toMatchObject({ schema: 'zmint.error/1', code: 'busy' });
    expect(refused.out).toContain('ssl remint');
    rmSync(marker);
    expect((await first).status).toBe(0);
    expect((await zmint(late)).status).toBe(0);
  }, 60_000);
});

async function expectKept(zoneHome: string, done: readonly Deed[]): Promise<void> {
  const reader = await openZoneReader(zoneHome);
  try {
    const facts = await factsOf(reader);
    const lost = done.filter((deed) => !deed.isThere(facts)).map(({ words }) => words.join(' '));
    expect(lost).toEqual([]);
    expect(done.length).toBeGreaterThan(ROUNDS);
    expect(await reader.damage()).toEqual([]);
    for (const member of await reader.members()) {
      if (member.kind === 'primary') checkHome(join(zoneHome, 'servers', member.name), new Date());
    }
  } finally {
    reader.close();
  }
  expect((await zmint(['--zone', zoneHome, 'event', 'verify'])).status).toBe(0);
}

function expectReads(reads: readonly TimedRun[]): void {
  const failed = reads.filter((run) => run.status !== 0).map((run) => run.err);
  expect(failed).toEqual([]);
  for (const run of reads) expect(JSON.parse(run.out)).toHaveProperty('schema', 'zmint.status/1');
  const times = reads.map((run) => run.ms).sort((a, b) => a - b);
  const usual = times[Math.floor(times.length / 2)] ?? 0;
  const longest = times.at(-1) ?? 0;
  process.stdout.write(
    `${times.length} readers: usually ${usual.toFixed(0)} ms, at most ${longest.toFixed(0)} ms\n`,
  );
  expect(longest).toBeLessThan(Math.max(LONGEST_READ_MS, 8 * usual));
}
