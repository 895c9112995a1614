import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHex } from '../../src/encoding/hex.js';
import { extensionWords } from '../../src/x509/extension-words.js';

const words = (oid: string, hex: string) =>
  extensionWords({ oid, critical: false, value: fromHex(hex) });

describe('what an extension says', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['2.5.29.15', '03020780', 'key usage', ['digitalSignature']],
    ['2.5.29.19', '30060101ff020103', 'basic constraints', ['CA, at most 3 CAs below it']],
    ['2.5.29.19', '3000', 'basic constraints', ['no CA']],
    ['2.5.29.37', '300a06082b06010505070301', 'extended key usage', ['serverAuth']],
    ['2.5.29.37', '300506032a0304', 'extended key usage', ['1.2.3.4']],
    [
      '2.5.29.17',
      '300f820161810162860163870401020304',
      'subject alternative name',
      ['DNS a', 'e-mail b', 'URI c', 'IP 1.2.3.4'],
    ],
    [
      '2.5.29.30',
      '300ea00c300a87080a000000ff000000',
      'name constraints',
      ['permitted: IP 10.0.0.0/255.0.0.0'],
    ],
    ['2.5.29.31', '300b3009a007a0058603612f62', 'CRL distribution points', ['URI a/b']],
    ['2.5.29.32', '3006300406022a03', 'certificate policies', ['1.2.3']],
    [
      '2.5.29.36',
      '3003800100',
      'policy constraints',
      ['a policy is required after 0 certificates'],
    ],
    [
      '1.3.6.1.5.5.7.1.1',
      '300f300d06082b06010505073001860161',
      'authority information access',
      ['OCSP: URI a'],
    ],
    ['1.3.6.1.5.5.7.1.24', '3003020105', 'TLS features', ['status_request (must staple)']],
    ['2.16.840.1.113730.1.1', '03020640', 'Netscape certificate type', ['SSL server']],
    ['1.3.6.1.4.1.11129.2.4.3', '0500', 'certificate transparency poison', ['a precertificate']],
  ])('%s %s', (oid, hex, name, said) => {
    expect(words(oid, hex)).toEqual({ name, words: said, damage: null, hex });
  });

  test('an unknown one keeps its bytes', () => {
    expect(words('1.2.3.4', '0401aa')).toEqual({
      name: null,
      words: [],
      damage: null,
      hex: '0401aa',
    });
  });

  test('a damaged one says why', () => {
    expect(words('2.5.29.15', '0500').damage).toContain('wrong type');
  });

  test('never throws, whatever the value', () => {
    const oids = [
      '2.5.29.17',
      '2.5.29.30',
      '2.5.29.31',
      '2.5.29.35',
      '2.5.29.36',
      '1.3.6.1.4.1.11129.2.4.2',
      '1.3.6.1.4.1.311.21.7',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...oids), fc.uint8Array({ maxLength: 60 }), (oid, value) => {
        expect(extensionWords({ oid, critical: true, value }).hex).toHaveLength(2 * value.length);
      }),
      { numRuns: 3000 },
    );
  });
});
