import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IssueRequest } from '../../src/operations/issue-plan.js';
import { executeRevocation, planRevocation } from '../../src/operations/revoke-certificate.js';
import type { OperationContext } from '../../src/ports/context.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { parseCertificationRequest } from '../../src/x509/certification-request.js';
import { lintIssued } from '../../src/x509/lint-certificate.js';
import {
  ISSUED_AT,
  issueWished,
  opensslIn,
  putIn,
  rootOf,
  subordinate,
  wish,
} from '../support/issue-bench.js';
import { judgeFile } from '../support/judge-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone } from '../support/test-zone.js';
import { requireTool } from '../support/tools.js';

const whenOpenssl = requireTool('openssl') ? test : test.skip;

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

describe('a request', () => {
  function request(...words: readonly string[]): ReturnType<typeof parseCertificationRequest> {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const how = words.includes('-newkey') ? [] : key;
    openssl(
      'req',
      '-new',
      ...how,
      '-nodes',
      '-keyout',
      'csr.key',
      '-subj',
      '/CN=evil',
      '-addext',
      'subjectAltName=DNS:asked.example.com',
      '-outform',
      'DER',
      '-out',
      'a.csr',
      ...words,
    );
    return parseCertificationRequest(Uint8Array.from(readFileSync(join(folder, 'a.csr'))));
  }

  whenOpenssl('gives its key, and its names only when that is said', async () => {
    const csr = request();
    const plain = await issue(wish('agent', [], [], { csr }));
    expect(plain).toMatchObject({ pkcs8: null, keyPem: '' });
    expect(plain.record).toMatchObject({ subject: 'CN=agent', dnsNames: [] });
    const { kind } = wish('agent', []);
    if (kind.is !== 'end-entity') throw new Error('not an end entity');
    const named = await issue({
      ...wish('agent', []),
      csr,
      kind: { ...kind, requestedNames: true },
    });
    expect(named.record.dnsNames).toEqual(['asked.example.com']);
  });

  whenOpenssl('that does not prove its key is refused', async () => {
    const csr = request();
    const signature = Uint8Array.from(csr.signature);
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    await expect(
      issue(wish('agent', [], [], { csr: { ...csr, signature } })),
    ).rejects.toMatchObject({
      code: 'policy',
      message: 'the request is not signed with the key that it names',
    });
  });

  whenOpenssl('with a weak key, or the key of a server, is refused', async () => {
    const weak = request('-newkey', 'rsa:1024');
    const tried = issue(wish('agent', [], [], { csr: weak }));
    await expect(tried).rejects.toMatchObject({ code: 'policy', message: /rsa:1024/u });
    const own = join(zoneHome, 'servers/ca1/security/live/key.pem');
    openssl('req', '-new', '-key', own, '-subj', '/CN=x', '-outform', 'DER', '-out', 'own.csr');
    const csr = parseCertificationRequest(Uint8Array.from(readFileSync(join(folder, 'own.csr'))));
    const taken = issue(wish('agent', [], [], { csr }));
    await expect(taken).rejects.toMatchObject({ code: 'policy', message: /no key serves two/u });
  });
});

describe('a subordinate CA', () => {
  whenOpenssl(
    'issues for what it is permitted, by openssl and by zmint itself',
    async () => {
      const report = await issue(subordinate({ permitDns: ['lab.example.com'] }));
      const certificate = parseCertificate(report.chain[0] ?? new Uint8Array());
      expect(lintIssued(certificate, rootOf(report), 'subordinate')).toEqual([]);
      expect(certificate).toMatchObject({ isCa: true, pathLength: 0 });
      put('sub.pem', report.certificate);
      put('sub.key', report.keyPem);
      put('root.pem', report.roots);
      expect(openssl('verify', '-x509_strict', '-CAfile', 'root.pem', 'sub.pem')).toBe(
        'sub.pem: OK\n',
      );
      const cases = [
        ['DNS:a.lab.example.com', true],
        ['DNS:lab.example.com', true],
        ['DNS:www.example.com', false],
        ['DNS:evil-lab.example.com', false],
        ['DNS:a.lab.example.com,IP:192.0.2.7', false],
      ] as const;
      for (const [names, valid] of cases) {
        const ext = `subjectAltName=${names}\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`;
        put('ext.cnf', ext);
        openssl(
          'req',
          '-new',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-keyout',
          'low.key',
          '-subj',
          '/O=Lab',
          '-out',
          'low.csr',
        );
        openssl(
          'x509',
          '-req',
          '-in',
          'low.csr',
          '-CA',
          'sub.pem',
          '-CAkey',
          'sub.key',
          '-days',
          '30',
          '-extfile',
          'ext.cnf',
          '-out',
          'low.pem',
        );
        const said = openssl(
          'verify',
          '-x509_strict',
          '-CAfile',
          'root.pem',
          '-untrusted',
          'sub.pem',
          'low.pem',
        );
        expect([names, said.includes('low.pem: OK')]).toEqual([names, valid]);
        const judged = await judgeFile({
          leaf: readFileSync(join(folder, 'low.pem'), 'utf8'),
          untrusted: report.certificate,
          trust: report.roots,
          at: Math.ceil(Date.now() / 1000),
        });
        expect([names, judged.valid]).toEqual([names, valid]);
      }
    },
    60_000,
  );

  test('can be revoked for its own compromise, as no end entity can', async () => {
    const { record } = await issue(subordinate({ permitIp: ['10.0.0.0/8'] }));
    const revoke = (word: string) =>
      planRevocation(
        ctx,
        {
          certificate: { word, file: null },
          reason: 'ca-compromise',
          invalidityDate: null,
          reload: true,
        },
        ISSUED_AT,
      );
    const plan = await revoke(record.fingerprint.slice(0, 12));
    if (plan === undefined) throw new Error('it is revoked already');
    await executeRevocation(ctx, plan);
    expect(await ctx.store.certificate(record.fingerprint)).toMatchObject({ state: 'revoked' });
    expect(await revoke(record.serial)).toBeUndefined();
    const client = await issue(wish('agent', []));
    await expect(revoke(client.record.serial)).rejects.toMatchObject({ code: 'policy' });
  });
});
