import { X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../src/errors.js';
import {
  derOf,
  makePlacedPki,
  pkcs7Of,
  stamp,
  type ForeignSet,
  type LeafWish,
  type PlacedPki,
} from '../support/placed-pki.js';
import { ROUNDS_FOLDER } from '../support/play-world.js';
import { zmint, type TimedRun } from '../support/run-program.js';
import { makeTestZone } from '../support/test-zone.js';
import { requireTool } from '../support/tools.js';
import { checkHome } from '../support/zone-fsck.js';
import { filesOf, withReader } from '../support/zone-state.js';

const whenOpenssl = requireTool('openssl') ? describe : describe.skip;
const WISH: LeafWish = { dnsName: 'web1.example.com' };
const REMINT = ['ssl', 'remint', 'web1', '--yes'];

type Files = Readonly<Record<string, string | Buffer>>;

let folder = '';
let start = '';
let pki: PlacedPki;

beforeAll(async () => {
  folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-placed-'));
  start = join(folder, 'zone');
  await makeTestZone({ zoneHome: start, now: Math.floor(Date.now() / 1000) }, [
    { name: 'web1', dnsName: 'web1.example.com' },
  ]);
  if (whenOpenssl === describe) pki = makePlacedPki(start);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of the zone with these files in the remint-repo of web1. */
function zoneWith(files: Files): string {
  const zone = join(mkdtempSync(join(folder, 'copy-')), 'zone');
  cpSync(start, zone, { recursive: true, verbatimSymlinks: true });
  place(zone, files);
  return zone;
}

function place(zone: string, files: Files): void {
  const repo = join(zone, 'servers/web1/remint-repo');
  for (const [name, bytes] of Object.entries(files))
    writeFileSync(join(repo, name), bytes, { mode: 0o600 });
}

function leafOf({ certificates }: ForeignSet): string {
  const print = new X509Certificate(certificates[0] ?? '').fingerprint256;
  return print.replaceAll(':', '').toLowerCase();
}

function lookAt(zone: string): ReturnType<typeof checkHome> {
  return checkHome(join(zone, 'servers/web1'), new Date());
}

/** All at once: each waits five seconds for files that somebody has just written. */
function runAll(zones: readonly string[]): Promise<readonly TimedRun[]> {
  return Promise.all(zones.map((zone) => zmint(['--zone', zone, ...REMINT])));
}

/** The lines that say what was wrong. */
function errorOf(run: TimedRun | undefined): string | undefined {
  return run?.err.match(/^zmint: error: .*$/mu)?.[0];
}

const ENDS = ['cer', 'der', 'crt', 'p7b', 'pem', 'cert'];

/** The ways in which one certificate comes, by name. */
function packed(set: ForeignSet): Readonly<Record<string, string | Buffer>> {
  const [leaf = ''] = set.certificates;
  return {
    PEM: leaf,
    DER: derOf(leaf),
    'PKCS#7 in PEM': pkcs7Of(set.certificates, 'PEM'),
    'PKCS#7 in DER': pkcs7Of(set.certificates, 'DER'),
  };
}

whenOpenssl('a set that a person placed is taken, whatever it is packed in (I-24)', () => {
  test('each of six endings, PEM, DER and PKCS#7', async () => {
    const cases = ENDS.flatMap((end) =>
      ['PEM', 'DER', 'PKCS#7 in PEM', 'PKCS#7 in DER'].map((form) => {
        const set = pki.leaf(WISH);
        const bytes = packed(set)[form] ?? '';
        const zone = zoneWith({ [`server.${end}`]: bytes, 'key.der': set.key });
        return { name: `${form} in server.${end}`, set, zone };
      }),
    );
    const runs = await runAll(cases.map((one) => one.zone));
    for (const [index, { name, set, zone }] of cases.entries()) {
      const run = runs[index];
      expect([name, run?.status, errorOf(run)]).toEqual([name, 0, undefined]);
      expect([name, lookAt(zone).leaf]).toEqual([name, leafOf(set)]);
    }
  }, 240_000);

  test.each([
    ['in order', (set: ForeignSet) => set.certificates.join('')],
    ['the wrong way round', (set: ForeignSet) => set.certificates.toReversed().join('')],
    ['twice', (set: ForeignSet) => [...set.certificates, ...set.certificates].join('')],
    ['as PKCS#7', (set: ForeignSet) => pkcs7Of(set.certificates, 'DER')],
  ])(
    'a chain %s',
    async (_what, pack) => {
      const set = pki.leaf({ ...WISH, by: 'intermediate' });
      const zone = zoneWith({ 'server.pem': pack(set), 'key.der': set.key });
      const [run] = await runAll([zone]);
      expect([run?.status, errorOf(run)]).toEqual([0, undefined]);
      const seen = lookAt(zone);
      expect(seen.leaf).toBe(leafOf(set));
      expect(seen.chain).toHaveLength(1);
      const next = await zmint(['--zone', zone, ...REMINT]);
      expect([next.status, errorOf(next)]).toEqual([0, undefined]);
      expect(lookAt(zone).leaf).not.toBe(seen.leaf);
    },
    60_000,
  );
});

whenOpenssl('a set that does not fit is refused and stays where it is', () => {
  const filesIn = (set: ForeignSet, more: Files = {}): Files => ({
    'server.cer': set.certificates.join(''),
    'key.der': set.key,
    ...more,
  });
  const cases: readonly (readonly [string, number, ErrorCode, () => Files])[] = [
    [
      'the key of another',
      21,
      'key-mismatch',
      () => ({
        ...filesIn(pki.leaf(WISH)),
        'key.der': pki.leaf(WISH).key,
      }),
    ],
    [
      'from a foreign CA',
      22,
      'chain-untrusted',
      () => filesIn(pki.leaf({ ...WISH, by: 'stranger' })),
    ],
    [
      'without its intermediate',
      22,
      'chain-untrusted',
      () => {
        const set = pki.leaf({ ...WISH, by: 'intermediate' });
        return filesIn({ ...set, certificates: set.certificates.slice(0, 1) });
      },
    ],
    [
      'expired',
      23,
      'not-valid-then',
      () => filesIn(pki.leaf({ ...WISH, notBefore: stamp(-7200), notAfter: stamp(-3600) })),
    ],
    [
      'not valid yet',
      23,
      'not-valid-then',
      () => filesIn(pki.leaf({ ...WISH, notBefore: stamp(3600) })),
    ],
    ['for another server', 24, 'policy', () => filesIn(pki.leaf({ dnsName: 'web2.example.com' }))],
    ['for clients', 24, 'policy', () => filesIn(pki.leaf({ ...WISH, eku: 'clientAuth' }))],
    ['with a weak key', 20, 'unreadable', () => filesIn(pki.leaf({ ...WISH, rsa: 1024 }))],
    ['a CA', 24, 'policy', () => filesIn(pki.leaf({ ...WISH, ca: true }))],
    [
      'without a key',
      20,
      'unreadable',
      () => ({ 'server.cer': filesIn(pki.leaf(WISH))['server.cer'] ?? '' }),
    ],
    ['without a certificate', 20, 'unreadable', () => ({ 'key.der': pki.leaf(WISH).key })],
    [
      'a cut certificate',
      20,
      'unreadable',
      () => {
        const set = pki.leaf(WISH);
        return {
          'server.der': derOf(set.certificates[0] ?? '').subarray(0, 200),
          'key.der': set.key,
        };
      },
    ],
    [
      'bytes behind the certificate',
      20,
      'unreadable',
      () => {
        const set = pki.leaf(WISH);
        const der = derOf(set.certificates[0] ?? '');
        return { 'server.der': Buffer.concat([der, Buffer.from([0])]), 'key.der': set.key };
      },
    ],
    [
      'a cut key',
      20,
      'unreadable',
      () => {
        const set = pki.leaf(WISH);
        return filesIn({ ...set, key: set.key.subarray(0, 40) });
      },
    ],
    ['text', 20, 'unreadable', () => ({ 'server.cer': 'hello\u001b[31m', 'key.der': 'world' })],
    [
      '17 MiB',
      20,
      'unreadable',
      () => ({ 'server.cer': Buffer.alloc(17 << 20, 45), 'key.der': 'x' }),
    ],
  ];

  test('and the live set too', async () => {
    const zones = cases.map(([, , , files]) => zoneWith(files()));
    const before = zones.map((zone) => JSON.stringify(filesOf(zone)));
    const runs = await runAll(zones);
    for (const [index, [name, status]] of cases.entries()) {
      const run = runs[index];
      const zone = zones[index] ?? '';
      expect([name, run?.status, errorOf(run)]).toEqual([name, status, errorOf(run)]);
      expect(run?.err).toMatch(/^zmint: error: .*\nzmint: hint: ./mu);
      expect(run?.err).not.toContain('\u001b');
      expect([name, JSON.stringify(filesOf(zone))]).toEqual([name, before[index]]);
      await expectRest(zone);
    }
  }, 240_000);

  async function expectRest(zone: string): Promise<void> {
    await withReader(zone, async (reader) => {
      const phases = (await reader.operations()).map((one) => one.phase);
      expect(phases.filter((phase) => phase !== 'cancelled')).toEqual([]);
    });
  }

  test('as long as somebody is still writing there', async () => {
    const set = pki.leaf(WISH);
    const zone = zoneWith(filesIn(set));
    const before = lookAt(zone);
    const writing = setInterval(() => {
      place(zone, filesIn(set));
    }, 100);
    const run = await zmint(['--zone', zone, ...REMINT]);
    clearInterval(writing);
    expect([run.status, errorOf(run)]).toEqual([24, errorOf(run)]);
    expect(lookAt(zone)).toEqual(before);
    const later = await zmint(['--zone', zone, ...REMINT]);
    expect([later.status, errorOf(later)]).toEqual([0, undefined]);
    expect(lookAt(zone).leaf).toBe(leafOf(set));
  }, 120_000);
});
