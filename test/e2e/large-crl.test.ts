import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { DAY, type Instant } from '../../src/zone/instant.js';
import type { Revocation } from '../../src/zone/revocation.js';
import { zmint } from '../support/run-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openTestZone } from '../support/test-zone.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { entry } from '../support/zone-rows.js';

const REVOKED = 85_000;
const AT_ONCE = 17_000;
const NOW: Instant = Math.floor(Date.now() / 1000);
const whenOpenssl = requireTool('openssl') ? test : test.skip;

const folder = temporaryFolder();
const zoneHome = join(folder, 'zone');
const crl = join(zoneHome, 'crl/generation-1.crl');
const bundle = join(zoneHome, 'crl/bundle.pem');

async function run(line: string): Promise<string> {
  const words = ['--zone', zoneHome, ...line.split(' ')];
  const { status, out, err } = await zmint(words, { cwd: folder });
  expect({ line, status, err }).toEqual({ line, status: 0, err });
  return out;
}

/** A zone that has revoked so many certificates: of these the revocations alone are recorded. */
beforeAll(async () => {
  await run('init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes');
  const ctx = await openTestZone({ zoneHome, now: NOW });
  const [authority] = await ctx.store.authorities();
  const numbered = (index: number): Revocation => ({
    fingerprint: index.toString(16).padStart(64, '0'),
    issuerSpkiSha256: authority?.spkiSha256 ?? '',
    serial: `7f${index.toString(16).padStart(32, '0')}`,
    reason: 'superseded',
    revokedAt: NOW,
    invalidityDate: null,
    notAfter: NOW + 90 * DAY,
    listedIn: null,
  });
  for (let from = 0; from < REVOKED; from += AT_ONCE) {
    const revocations = Array.from({ length: AT_ONCE }, (_, index) => numbered(from + index));
    await ctx.store.commit(entry(), [{ type: 'put-revocations', revocations }]);
  }
  ctx.store.close();
  const made = JSON.parse(await run('ca crl --yes --json')) as Record<string, unknown>;
  expect(made).toMatchObject({ crls: [{ entries: REVOKED }], members: 1, failed: [] });
}, 60_000);

test('a list of over 4 MiB is followed by the next, and by what looks at it', async () => {
  expect(statSync(crl).size).toBeGreaterThan(4_194_304);
  await run('ca crl --yes');
  expect(await run('doctor')).toContain('the revocation list of generation 1 ends in');
}, 60_000);

test('it is inspected, and certificates are held against it as PEM', async () => {
  const { items } = JSON.parse(await run(`cert inspect ${crl} --json`)) as {
    readonly items: readonly { readonly revoked: readonly unknown[] }[];
  };
  expect(items.map(({ revoked }) => revoked.length)).toEqual([REVOKED]);
  const live = join(zoneHome, 'servers/ca1/security/live');
  await run(`cert verify ${live}/server.cer --trust ${live}/ca.cert --crl ${bundle}`);
}, 60_000);

test('it is backed up, and the backup proved', async () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'four words of peace\n', { mode: 0o600 });
  await run(`ca backup big.age --passphrase-file ${secret} --yes`);
}, 60_000);

whenOpenssl('openssl reads it, and its signature holds', () => {
  const root = join(zoneHome, 'truststore/cacerts.pem');
  const words = ['crl', '-inform', 'DER', '-in', crl, '-noout', '-crlnumber', '-CAfile', root];
  const said = execFileSync('openssl', words, {
    env: toolEnvironment(),
    encoding: 'utf8',
    stdio: 'pipe',
  });
  expect(said).toContain('crlNumber=');
});
