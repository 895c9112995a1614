import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import {
  assembleCertificateList,
  encodeTbsCertificateList,
  type CertificateListContent,
} from '../../src/x509/certificate-list-content.js';
import { parseCertificateList, type CertificateList } from '../../src/x509/certificate-list.js';
import { keyIdOf, keys, makeRoot, NOW, type TestIdentity } from '../support/issue-for-test.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool } from '../support/tools.js';

const whenOpenssl = requireTool('openssl') ? test : test.skip;
const SPECS = ['ec:P-256', 'ed25519', 'rsa:2048'] as const;

let roots: readonly TestIdentity[];

beforeAll(async () => {
  roots = await Promise.all(SPECS.map((spec) => makeRoot(`CRL ${spec}`, spec)));
});

const time = fc.integer({ min: NOW - 20 * 365 * 86_400, max: NOW + 40 * 365 * 86_400 });
const serial = fc
  .uint8Array({ minLength: 1, maxLength: 19 })
  .map((octets) => toHex(Uint8Array.of(0x11, ...octets)));
const entry = fc.record({
  serial,
  revokedAt: time,
  reason: fc.constantFrom(0, 1, 2, 3, 4, 5, 9),
  invalidityDate: fc.option(time),
});
const drawn = fc.record({
  who: fc.nat(SPECS.length - 1),
  number: fc.oneof(fc.nat(300), fc.constant(NOW), fc.maxSafeNat()),
  thisUpdate: time,
  nextUpdate: time,
  revoked: fc.uniqueArray(entry, { selector: (one) => one.serial, maxLength: 12 }),
});

async function sign(
  issuer: TestIdentity,
  wanted: Omit<CertificateListContent, 'issuer' | 'authorityKeyId'>,
): Promise<CertificateList> {
  const { signer, certificate } = issuer;
  const content = { ...wanted, issuer: certificate.subject, authorityKeyId: keyIdOf(signer.spki) };
  const tbs = encodeTbsCertificateList(content, signer.algorithm);
  return parseCertificateList(
    assembleCertificateList(tbs, signer.algorithm, await signer.sign(tbs)),
  );
}

function identity(who: number): TestIdentity {
  const found = roots[who];
  if (found === undefined) throw new Error('no such issuer');
  return found;
}

describe('a CRL of ours', () => {
  test('is read as what it was made of, and verifies', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ who, ...wanted }) => {
        const issuer = identity(who);
        const read = await sign(issuer, wanted);
        expect(read).toMatchObject({
          version: 2,
          issuer: { text: issuer.certificate.subject.text },
          thisUpdate: wanted.thisUpdate,
          nextUpdate: wanted.nextUpdate,
          authorityKeyId: issuer.certificate.subjectKeyId,
          baseCrlNumber: null,
          distributionPoint: null,
        });
        expect(BigInt(`0x${read.crlNumber ?? ''}`)).toBe(BigInt(wanted.number));
        expect(read.extensions.map(({ critical }) => critical)).toEqual([false, false]);
        expect(
          read.revoked.map(({ serial: number, revokedAt, reason }) => [number, revokedAt, reason]),
        ).toEqual(wanted.revoked.map((one) => [one.serial, one.revokedAt, one.reason]));
        const { tbs, signature, signatureAlgorithm } = read;
        expect(keys.verify(issuer.signer.spki, signatureAlgorithm, tbs, signature)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  whenOpenssl(
    'says the same to openssl',
    async () => {
      const folder = temporaryFolder();
      await fc.assert(
        fc.asyncProperty(drawn, async ({ who, ...wanted }) => {
          const read = await sign(identity(who), wanted);
          const file = join(folder, 'one.crl');
          writeFileSync(file, read.der);
          const words = ['crl', '-inform', 'DER', '-in', file, '-noout', '-text'];
          const out = execFileSync('openssl', words, { encoding: 'utf8' });
          expect(seenByOpenssl(out)).toEqual({
            number: BigInt(wanted.number),
            thisUpdate: wanted.thisUpdate,
            nextUpdate: wanted.nextUpdate,
            authority: read.authorityKeyId,
            serials: wanted.revoked.map((one) => BigInt(`0x${one.serial}`)),
            reasons: wanted.revoked.flatMap((one) => REASONS[one.reason] ?? []),
            invalid: wanted.revoked.flatMap((one) => one.invalidityDate ?? []),
          });
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );

  test('names a certificate with a negative serial number as it stands', async () => {
    const revoked = [{ serial: '-ff01', revokedAt: NOW, reason: 1, invalidityDate: null }];
    const read = await sign(identity(0), { number: 1, thisUpdate: NOW, nextUpdate: NOW, revoked });
    expect(read.revoked.map((one) => one.serial)).toEqual(['-ff01']);
  });

  test('has no number that is none', async () => {
    const wanted = { number: -1, thisUpdate: NOW, nextUpdate: NOW, revoked: [] };
    await expect(sign(identity(0), wanted)).rejects.toMatchObject({ code: 'bug' });
  });
});

const REASONS: Readonly<Record<number, string>> = {
  1: 'Key Compromise',
  2: 'CA Compromise',
  3: 'Affiliation Changed',
  4: 'Superseded',
  5: 'Cessation Of Operation',
  9: 'Privilege Withdrawn',
};

function seenByOpenssl(text: string): Readonly<Record<string, unknown>> {
  const all = (pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map(([, word = '']) => word.trim());
  const [number = '-1'] = all(/CRL Number:\s*\n\s*(\S+)/gu);
  const seconds = (words: string): number => Date.parse(words) / 1000;
  return {
    number: BigInt(number),
    thisUpdate: seconds(all(/Last Update: (.*)/gu)[0] ?? ''),
    nextUpdate: seconds(all(/Next Update: (.*)/gu)[0] ?? ''),
    authority: toHex(
      fromHex((all(/Authority Key Identifier:\s*\n\s*(\S+)/gu)[0] ?? '').replaceAll(':', '')),
    ),
    serials: all(/Serial Number: ([0-9A-F]+)/gu).map((one) => BigInt(`0x${one}`)),
    reasons: all(/Reason Code:\s*\n\s*(.*)/gu),
    invalid: all(/Invalidity Date:\s*\n\s*(.*)/gu).map(seconds),
  };
}
