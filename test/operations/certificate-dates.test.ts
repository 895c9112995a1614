import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone, remint, type TestWorld } from '../support/test-zone.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const folder = temporaryFolder();
const whenOpenssl = requireTool('openssl') ? describe : describe.skip;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** When it is minted, for how many years, and the dates that must be in it: an hour ago, and to the second. */
const CASES: readonly (readonly [string, number, string, string])[] = [
  ['2027-05-05T05:05:05Z', 1, '2027-05-05T04:05:05Z', '2028-05-05T04:05:04Z'],
  ['2027-05-05T05:05:05Z', 10, '2027-05-05T04:05:05Z', '2037-05-05T04:05:04Z'],
  ['2028-02-29T12:00:00Z', 1, '2028-02-29T11:00:00Z', '2029-02-28T10:59:59Z'],
  ['2028-02-29T00:30:00Z', 3, '2028-02-28T23:30:00Z', '2031-02-28T23:29:59Z'],
  ['2028-02-29T12:00:00Z', 4, '2028-02-29T11:00:00Z', '2032-02-29T10:59:59Z'],
  ['2037-01-19T04:14:08Z', 1, '2037-01-19T03:14:08Z', '2038-01-19T03:14:07Z'],
  ['2049-01-01T01:00:00Z', 1, '2049-01-01T00:00:00Z', '2049-12-31T23:59:59Z'],
  ['2049-01-01T01:00:01Z', 1, '2049-01-01T00:00:01Z', '2050-01-01T00:00:00Z'],
  ['2050-01-01T00:59:59Z', 2, '2049-12-31T23:59:59Z', '2051-12-31T23:59:58Z'],
  ['2050-01-01T01:00:00Z', 2, '2050-01-01T00:00:00Z', '2051-12-31T23:59:59Z'],
];

function seconds(text: string): Instant {
  return Date.parse(text) / 1000;
}

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', env: toolEnvironment() });
}

/** Both dates as openssl reads them, and the ASN.1 types that they are written in. */
function datesOf(path: string): { readonly dates: string; readonly types: readonly string[] } {
  const text = openssl('x509', '-in', path, '-noout', '-dates', '-dateopt', 'iso_8601');
  const dates = text
    .replace(/notBefore=|notAfter=/gu, '')
    .replaceAll(' ', 'T')
    .replaceAll('\n', ' ');
  const types = openssl('asn1parse', '-in', path).match(/UTCTIME|GENERALIZEDTIME/gu) ?? [];
  return { dates: dates.replaceAll('TZ', 'Z').trim(), types: [...types] };
}

function typeOf(date: string): string {
  return date < '2050' ? 'UTCTIME' : 'GENERALIZEDTIME';
}

whenOpenssl('the dates in certificates that were really minted (I-9, RFC 5280 §4.1.2.5)', () => {
  test.each(CASES)('at %s for %i years: %s to %s', async (at, years, notBefore, notAfter) => {
    const zoneHome = join(mkdtempSync(join(folder, 'dates-')), 'zone');
    const world: TestWorld = { zoneHome, now: seconds(at) };
    await makeTestZone(world);
    const ctx = await openTestZone(world);
    await remint(ctx, { ca: true, years, activateAt: { when: 'now' } });
    const [, root] = await ctx.store.authorities();
    const record = await ctx.store.certificate(root?.certificate ?? '');
    await remint(ctx, { servers: ['ca1'], years, activateAt: { when: 'now' } });
    ctx.store.close();
    const bundle = readFileSync(join(zoneHome, 'truststore/cacerts.pem'), 'latin1');
    const pem = join(zoneHome, 'root.pem');
    execFileSync('sh', ['-c', 'cat > "$1"', 'sh', pem], {
      input: bundle.split(/(?=-----BEGIN)/u)[1],
    });
    expect(record).toMatchObject({ notBefore: seconds(notBefore), notAfter: seconds(notAfter) });
    for (const path of [pem, join(zoneHome, 'servers/ca1/security/live/server.cer')]) {
      const { dates, types } = datesOf(path);
      expect(dates).toBe(`${notBefore} ${notAfter}`);
      expect(types).toEqual([typeOf(notBefore), typeOf(notAfter)]);
    }
  });
});
