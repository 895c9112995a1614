import { describe, expect, test } from '@jest/globals';
import { writeSequence, writeUnsigned } from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { findWeaknesses } from '../../src/x509/find-weaknesses.js';
import { writeTime } from '../../src/x509/time.js';
import { buildCertificate, withExtension } from '../support/bent-certificate.js';
import { makeLeaf, makeRoot, NOW } from '../support/issue-for-test.js';

const DAY = 86_400;

function codes(der: Uint8Array, now = NOW): readonly string[] {
  return findWeaknesses(parseCertificate(der), now).map(({ code }) => code);
}

test('what zmint issues has none, at its first and its last second but for the end', async () => {
  const root = await makeRoot('CA');
  const { certificate } = await makeLeaf('web1', root);
  expect(findWeaknesses(certificate, certificate.notBefore)).toEqual([]);
  expect(findWeaknesses(root.certificate, NOW)).toEqual([]);
  expect(codes(certificate.der, certificate.notAfter)).toEqual(['expires-soon']);
});

describe('what is wrong', () => {
  const dates = (from: number, to: number): Uint8Array =>
    buildCertificate({ validity: writeSequence(writeTime(from), writeTime(to)) });
  test.each<[string, () => Uint8Array]>([
    ['expired', () => dates(NOW - 2 * DAY, NOW - 1)],
    ['not-yet-valid', () => dates(NOW + 1, NOW + 400 * DAY)],
    ['dates-reversed', () => dates(NOW + DAY, NOW)],
    ['expires-soon', () => dates(NOW - DAY, NOW + 29 * DAY)],
    ['too-long-for-mobile', () => dates(NOW, NOW + 825 * DAY)],
    ['no-alternative-name', () => buildCertificate()],
    ['serial-zero', () => buildCertificate({ serial: writeUnsigned(Uint8Array.of(0)) })],
    ['serial-negative', () => buildCertificate({ serial: fromHex('020180') })],
    ['old-version', () => buildCertificate({ version: null })],
    ['unknown-critical', () => withExtension('1.2.3.4', fromHex('0500'), true)],
    ['damaged-extension', () => withExtension('1.3.6.1.5.5.7.1.1', fromHex('0500'))],
    ['precertificate', () => withExtension('1.3.6.1.4.1.11129.2.4.3', fromHex('0500'), true)],
    ['ca-not-critical', () => withExtension('2.5.29.19', fromHex('30030101ff'))],
    ['leaf-signs', () => withExtension('2.5.29.15', fromHex('03020204'))],
    ['odd-name', () => withExtension('2.5.29.17', fromHex('30058203612062'))],
  ])('%s', (code, make) => {
    expect(codes(make())).toContain(code);
  });

  test.each([
    ['expired', () => dates(NOW - DAY, NOW)],
    ['not-yet-valid', () => dates(NOW, NOW + DAY)],
    ['too-long-for-mobile', () => dates(NOW, NOW + 825 * DAY - 1)],
  ])('not yet %s', (code, make) => {
    expect(codes(make())).not.toContain(code);
  });
});
