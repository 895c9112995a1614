import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ZmintError } from '../../src/errors.js';
import { validatePath } from '../../src/path/validate-path.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';
import { makeRoot, NOW } from '../support/issue-for-test.js';
import {
  caExtensions,
  generalName,
  nameConstraintsOf,
  namesOf,
  policiesOf,
  signedCertificate,
} from '../support/signed-certificate.js';
import { signedCrl } from '../support/signed-crl.js';

const RUNS = 4000;

test('whatever is bent, nothing but an unreadable file is thrown, even when every signature fits', async () => {
  const root = await makeRoot('Root');
  const bound = nameConstraintsOf({ permitted: [generalName([2, 'example.com'])] });
  const extensions = caExtensions(bound, policiesOf('2.5.29.32.0'));
  const ca = await signedCertificate({ name: 'CA', issuer: root, extensions });
  const leaf = await signedCertificate({
    name: 'leaf',
    issuer: ca,
    extensions: [namesOf([2, 'web1.example.com'], [1, 'a@b.test']), policiesOf('1.2.3')],
  });
  const revoked = [{ certificate: leaf.certificate, reason: 4 }];
  const crls = [await signedCrl({ issuer: root }), await signedCrl({ issuer: ca, revoked })];
  const files = [leaf.certificate.der, ca.certificate.der, ...crls.map(({ der }) => der)];
  const bend = fc.record({
    which: fc.nat(files.length - 1),
    at: fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 3 }),
  });
  let judged = 0;
  fc.assert(
    fc.property(bend, ({ which, at }) => {
      const bent = files.map((der, index) => (index === which ? changed(der, at) : der));
      const [first, second, ...lists] = bent;
      try {
        const result = validatePath({
          leaf: parseCertificate(first ?? new Uint8Array()),
          untrusted: [parseCertificate(second ?? new Uint8Array())],
          anchors: [root.certificate],
          crls: lists.map(parseCertificateList),
          at: NOW,
          verify: () => true,
        });
        judged += 1;
        return result.valid === (result.problems.length === 0);
      } catch (error) {
        return error instanceof ZmintError && error.code === 'unreadable';
      }
    }),
    { numRuns: RUNS },
  );
  expect(judged).toBeGreaterThan(RUNS / 10);
});

function changed(der: Uint8Array, at: readonly (readonly [number, number])[]): Uint8Array {
  const bent = Uint8Array.from(der);
  for (const [index, value] of at) bent[index % bent.length] = value;
  return bent;
}
