import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IssueRequest } from '../../src/operations/issue-plan.js';
import { planIssue } from '../../src/operations/plan-issue.js';
import type { OperationContext } from '../../src/ports/context.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { lintIssued } from '../../src/x509/lint-certificate.js';
import type { IssuedPurpose } from '../../src/zone/issued-profile.js';
import type { KeySpec } from '../../src/zone/key-spec.js';
import { crashEverywhere } from '../support/crash-loop.js';
import {
  ISSUED_AT,
  issueWished,
  opensslIn,
  putIn,
  rootOf,
  subordinate,
  wish,
} from '../support/issue-bench.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone } from '../support/test-zone.js';
import { requireTool } from '../support/tools.js';

const whenOpenssl = requireTool('openssl') ? describe : describe.skip;

const SETTINGS = {
  schema: 'zmint.settings/1',
  extensions: {
    crlDistributionPoints: ['http://pki.example.com/{generation}.crl'],
    caIssuers: ['http://pki.example.com/{generation}.cer'],
    ocsp: ['http://ocsp.example.com'],
  },
};

let zoneHome = '';
let folder = '';
let ctx: OperationContext;
const issue = (request: IssueRequest) => issueWished(ctx, request);
const openssl = (...words: readonly string[]): string => opensslIn(folder, ...words);
const put = (name: string, text: string): string => putIn(folder, name, text);

beforeAll(async () => {
  folder = temporaryFolder();
  zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: ISSUED_AT });
  ctx = await openTestZone({ zoneHome, now: ISSUED_AT });
});

afterAll(() => {
  ctx.store.close();
});

whenOpenssl('certificates of every profile', () => {
  const PROFILES: readonly (readonly [
    name: string,
    purposes: readonly IssuedPurpose[],
    sans: readonly string[],
    openssl: readonly string[],
  ])[] = [
    ['Ann Example', [], [], ['sslclient']],
    ['agent', ['clientAuth'], ['uri:spiffe://example.com/agent', 'ip:192.0.2.7'], ['sslclient']],
    ['svc.example.com', ['serverAuth'], ['dns:*.svc.example.com', '2001:db8::7'], ['sslserver']],
    ['ann@example.com', ['emailProtection'], [], ['smimesign']],
    ['Ann', ['clientAuth', 'emailProtection'], ['ann@example.com'], ['sslclient', 'smimesign']],
    ['both.example.com', ['clientAuth', 'serverAuth'], [], ['sslclient', 'sslserver']],
    ['Release', ['codeSigning'], ['email:release@example.com'], ['any']],
    ['Stamps', ['timeStamping'], ['uri:http://stamps.example.com/'], ['timestampsign']],
  ];
  const SPECS: readonly KeySpec[] = ['ec:P-256', 'ed25519', 'rsa:2048'];

  test.each(PROFILES)(
    '%s for %j',
    async (name, purposes, sans, checks) => {
      for (const keySpec of SPECS) {
        const report = await issue(wish(name, purposes, sans, { keySpec }));
        const certificate = parseCertificate(report.chain[0] ?? new Uint8Array());
        expect(lintIssued(certificate, rootOf(report), 'client')).toEqual([]);
        expect(report.record).toMatchObject({
          purpose: 'client',
          state: 'current',
          memberId: null,
        });
        const leaf = put('leaf.pem', report.certificate);
        const trust = put('root.pem', report.roots);
        for (const purpose of checks) {
          const said = openssl(
            'verify',
            '-x509_strict',
            '-purpose',
            purpose,
            '-CAfile',
            trust,
            leaf,
          );
          expect(said).toBe('leaf.pem: OK\n');
        }
        const key = put('key.pem', report.keyPem);
        const ofKey = openssl('pkey', '-in', key, '-pubout');
        expect(openssl('x509', '-in', leaf, '-noout', '-pubkey')).toBe(ofKey);
      }
    },
    60_000,
  );

  test('a client is no server by itself, and the other way round', async () => {
    for (const [purposes, refused] of [
      [['clientAuth'], 'sslserver'],
      [['serverAuth'], 'sslclient'],
    ] as const) {
      const report = await issue(wish('one.example.com', purposes));
      const leaf = put('leaf.pem', report.certificate);
      const trust = put('root.pem', report.roots);
      const said = openssl('verify', '-purpose', refused, '-CAfile', trust, leaf);
      expect(said).toMatch(/unsuitable certificate purpose/iu);
    }
  });

  const REFUSED: readonly (readonly [why: string, request: () => IssueRequest])[] = [
    ['code and something else', () => wish('x', ['codeSigning', 'clientAuth'])],
    ['time stamps and something else', () => wish('x', ['clientAuth', 'timeStamping'])],
    ['time stamps with an address', () => wish('x', ['timeStamping'], ['ip:192.0.2.7'])],
    ['a server without a name', () => wish('Ann Example', ['serverAuth'])],
    ['mail without an address', () => wish('Ann', ['emailProtection'])],
    ['a server with a mailbox', () => wish('a.example.com', ['serverAuth'], ['a@example.com'])],
    ['code with a DNS name', () => wish('Release', ['codeSigning'], ['dns:a.example.com'])],
    ['a network with bits behind', () => subordinate({ permitIp: ['10.0.0.1/8'] })],
    ['a name that is too long', () => wish('x'.repeat(65), [])],
  ];
  test.each(REFUSED)('%s is refused', async (_why, request) => {
    const before = (await ctx.store.lastEvents(1))[0]?.sequence;
    const tried = issue(request()).then(() => 'issued');
    await expect(tried).rejects.toMatchObject({ code: 'policy' });
    const events = await ctx.store.events(before ?? 0, 10);
    expect(events.filter(({ what }) => what === 'certificate-issued')).toEqual([]);
  });

  test('none outlives the CA, and the plan says that it was cut', async () => {
    const plan = await planIssue(ctx, wish('agent', [], [], { life: { years: 10 } }), ISSUED_AT);
    const [root] = await ctx.store.certificates({ purpose: 'ca' });
    expect(plan).toMatchObject({ cut: true, validity: { notAfter: root?.notAfter } });
    const days = await planIssue(ctx, wish('agent', [], [], { life: { days: 30 } }), ISSUED_AT);
    expect(days.validity.notAfter - days.validity.notBefore).toBe(30 * 86_400 - 1);
  });
});

test('what the settings say stands in what is issued, and not in roots', async () => {
  writeFileSync(join(zoneHome, 'settings.json'), JSON.stringify(SETTINGS), { mode: 0o600 });
  const report = await issue(wish('agent', []));
  const certificate = parseCertificate(report.chain[0] ?? new Uint8Array());
  const root = rootOf(report);
  const added = ['2.5.29.31', '1.3.6.1.5.5.7.1.1'];
  expect(certificate.extensions.map(({ oid }) => oid).slice(-2)).toEqual(added);
  expect(root.extensions.filter(({ oid }) => added.includes(oid))).toEqual([]);
  const text = openssl('x509', '-noout', '-text', '-in', put('leaf.pem', report.certificate));
  for (const url of ['pki.example.com/1.crl', 'pki.example.com/1.cer', 'ocsp.example.com'])
    expect(text).toContain(`URI:http://${url}`);
});

test('a crash before and after every effect leaves it recorded or not (I-4, I-7, I-8, I-25)', async () => {
  const start = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: start, now: ISSUED_AT });
  const count = await crashEverywhere({
    start,
    now: ISSUED_AT,
    servers: ['ca1'],
    work: (at) => issueWished(at, wish('agent', [])),
    check: async (at) => {
      const issued = await at.store.certificates({ purpose: 'client' });
      expect(issued.length).toBeLessThanOrEqual(1);
      const again = await issueWished(at, wish('agent', []));
      const serials = (await at.store.certificates({ purpose: 'client' })).map(
        ({ serial }) => serial,
      );
      expect(new Set(serials).size).toBe(issued.length + 1);
      expect(serials).toContain(again.record.serial);
    },
  });
  expect(count.effects).toBe(2);
}, 60_000);
