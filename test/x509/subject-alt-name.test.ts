import { beforeAll, expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { readDer } from '../../src/encoding/der.js';
import { ipAddressText } from '../../src/x509/ip-address.js';
import { readSubjectAltName, writeSubjectAltName } from '../../src/x509/subject-alt-name.js';
import { makeLeaf, makeRoot, type TestIdentity } from '../support/issue-for-test.js';

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/u);
const dnsName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const octets = (length: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => ipAddressText(bytes) ?? '');
const names = fc.record({
  dnsNames: fc.array(dnsName, { minLength: 1, maxLength: 5 }),
  ipAddresses: fc.array(fc.oneof(octets(4), octets(16)), { maxLength: 5 }),
});

let root: TestIdentity;

beforeAll(async () => {
  root = await makeRoot('CA');
});

test('any names are read as they were written', () => {
  fc.assert(
    fc.property(names, (given) => {
      const said = readSubjectAltName(readDer(writeSubjectAltName(given)));
      expect(said).toEqual({ ...given, emailAddresses: [], uris: [] });
    }),
    { numRuns: 500 },
  );
});

test('node:crypto reads the same names from a certificate', async () => {
  await fc.assert(
    fc.asyncProperty(names, async (given) => {
      const { certificate } = await makeLeaf('x', root, given);
      const node = new X509Certificate(certificate.der);
      for (const name of given.dnsNames) expect(node.subjectAltName).toContain(`DNS:${name}`);
      for (const address of given.ipAddresses) expect(node.checkIP(address)).toBe(address);
      expect(certificate).toMatchObject(given);
    }),
    { numRuns: 50 },
  );
});
