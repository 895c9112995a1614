import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodePem } from '../../src/encoding/pem.js';
import { executeCrls, planCrls } from '../../src/operations/make-crls.js';
import { crlDer } from '../../src/operations/issue-crls.js';
import { executeRevocation, planRevocation } from '../../src/operations/revoke-certificate.js';
import type { OperationContext } from '../../src/ports/context.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';
import { crashEverywhere, crashTwice, type CrashScenario } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';

const SERVERS = ['ca1', 'web1'];
const ANY = { days: null, due: null, reload: true };

let fresh = '';
let listed = '';

beforeAll(async () => {
  fresh = join(temporaryFolder(), 'zone');
  await makeZone(fresh);
  listed = join(temporaryFolder(), 'zone');
  await makeZone(listed);
  const ctx = await openTestZone({ zoneHome: listed, now: NOON });
  await makeCrls(ctx);
  ctx.store.close();
});

function makeZone(zoneHome: string): Promise<void> {
  return makeTestZone({ zoneHome, now: NOON }, [{ name: 'web1', dnsName: 'web1.example.com' }]);
}

async function makeCrls(ctx: OperationContext): Promise<void> {
  const plan = await planCrls(ctx, ANY, NOON);
  if (plan === undefined) throw new Error('no CRL is due');
  await executeCrls(ctx, plan);
}

async function revoke(ctx: OperationContext): Promise<void> {
  const certificate = { word: 'web1', file: null };
  const request = {
    certificate,
    reason: 'key-compromise' as const,
    invalidityDate: NOON - 60,
    reload: true,
  };
  const plan = await planRevocation(ctx, request, NOON);
  if (plan !== undefined) await executeRevocation(ctx, plan);
}

/** Every number that was ever taken, from the audit log, which nothing rewrites. */
async function numbersTaken(ctx: OperationContext): Promise<readonly number[]> {
  const events = await ctx.store.events(0, 1000);
  return events
    .filter(({ what }) => what === 'crl-numbers-reserved')
    .flatMap(({ details }) =>
      (details.numbers as readonly { number: number }[]).map((one) => one.number),
    );
}

/** What is recorded, what lies in the zone home and with each member: all the same or all nothing. */
async function checkPublished(ctx: OperationContext, zoneHome: string): Promise<void> {
  const issuers = await ctx.store.crlIssuers();
  const signed = issuers.filter(({ crl }) => crl !== null);
  for (const issuer of signed) {
    const der = crlDer(issuer);
    const said = parseCertificateList(der);
    expect(Number.parseInt(said.crlNumber ?? '', 16)).toBe(issuer.crl?.number);
    expect(issuer).toMatchObject({ published: true });
    const folder = join(zoneHome, 'crl');
    expect(Buffer.compare(readFileSync(join(folder, 'generation-1.crl')), der)).toBe(0);
    const bundle = readFileSync(join(folder, 'bundle.pem'));
    expect(
      decodePem(bundle.toString()).map(({ der: one }) => Buffer.from(one).toString('hex')),
    ).toEqual([Buffer.from(der).toString('hex')]);
    expect(readdirSync(folder).sort()).toEqual([
      'bundle.pem',
      'generation-1.crl',
      'generation-1.pem',
    ]);
    for (const name of SERVERS) {
      const member = join(zoneHome, 'servers', name, 'security');
      expect(Buffer.compare(readFileSync(join(member, 'crl.pem')), bundle)).toBe(0);
      expect(readdirSync(member).filter((one) => one.startsWith('.'))).toEqual([]);
    }
  }
}

async function checkMonotone(ctx: OperationContext, zoneHome: string): Promise<void> {
  await checkPublished(ctx, zoneHome);
  const before = await numbersTaken(ctx);
  await makeCrls(ctx);
  await checkPublished(ctx, zoneHome);
  const numbers = await numbersTaken(ctx);
  expect(numbers.length).toBe(before.length + 1);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
}

function scenario(
  start: string,
  work: (ctx: OperationContext) => Promise<void>,
  check: CrashScenario['check'] = checkMonotone,
): CrashScenario {
  return { start, now: NOON, servers: SERVERS, work, check, batchSize: 1 };
}

describe('a crash before and after every effect, then one recovery (I-8, I-11, I-16, I-25)', () => {
  test('of the first CRL', async () => {
    const count = await crashEverywhere(scenario(fresh, makeCrls));
    expect(count.effects).toBeGreaterThan(10);
  }, 120_000);

  test('of the next CRL: the one before stays whole until it is replaced', async () => {
    const whole = async (ctx: OperationContext, zoneHome: string): Promise<void> => {
      expect(existsSync(join(zoneHome, 'crl/bundle.pem'))).toBe(true);
      await checkMonotone(ctx, zoneHome);
    };
    const count = await crashEverywhere(scenario(listed, makeCrls, whole));
    expect(count.effects).toBeGreaterThan(10);
  }, 120_000);

  /** Either nothing of it is recorded, or it is and the CRL that says so is everywhere. */
  const checkRevoked: CrashScenario['check'] = async (ctx, zoneHome) => {
    expect(await ctx.store.unlistedRevocations()).toEqual([]);
    const [issuer] = await ctx.store.crlIssuers();
    const known = (await ctx.store.revokedInUse(5)).map(({ serial }) => serial);
    const named =
      issuer?.crl == null
        ? []
        : parseCertificateList(crlDer(issuer)).revoked.map(({ serial, reason }) => [
            serial,
            reason,
          ]);
    expect(named).toEqual(known.map((serial) => [serial, 1]));
    await checkMonotone(ctx, zoneHome);
    await revoke(ctx);
    expect(await ctx.store.revokedInUse(5)).toHaveLength(1);
    await checkPublished(ctx, zoneHome);
  };

  test('of a revocation', async () => {
    const count = await crashEverywhere(scenario(fresh, revoke, checkRevoked));
    expect(count.effects).toBeGreaterThan(10);
  }, 120_000);

  test('of a revocation, and every server has read the list in the end', async () => {
    const zoneHome = join(temporaryFolder(), 'zone');
    const start = join(temporaryFolder(), 'zone');
    const reload = `cp ${zoneHome}/servers/web1/security/crl.pem ${zoneHome}/servers/web1/read.pem`;
    await makeTestZone({ zoneHome: start, now: NOON }, [
      { name: 'web1', dnsName: 'web1.example.com', reload },
    ]);
    const read: CrashScenario['check'] = (_ctx, at) => {
      const server = join(at, 'servers/web1');
      const published = existsSync(join(server, 'security/crl.pem'));
      if (published)
        expect(readFileSync(join(server, 'read.pem'), 'latin1')).toBe(
          readFileSync(join(server, 'security/crl.pem'), 'latin1'),
        );
      return Promise.resolve();
    };
    const count = await crashEverywhere({ ...scenario(start, revoke, read), zoneHome });
    expect(count.effects).toBeGreaterThan(10);
  }, 120_000);

  test('of a revocation, and of its recovery', async () => {
    const count = await crashTwice(scenario(listed, revoke, checkRevoked), 9);
    expect(count.rounds).toBeGreaterThan(20);
  }, 240_000);
});
