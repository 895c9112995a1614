import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeDer, writeSequence } from '../../src/encoding/der-writer.js';
import type { PathInput } from '../../src/path/path-input.js';
import { validatePath } from '../../src/path/validate-path.js';
import type { CertificateList } from '../../src/x509/certificate-list.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { keys, makeRoot, NOW, type TestIdentity } from '../support/issue-for-test.js';
import {
  caExtensions,
  certificatesOf,
  namesOf,
  signedCertificate,
  strangeExtension,
  usageOf,
} from '../support/signed-certificate.js';
import { signedCrl, type Revocation, type WantedCrl } from '../support/signed-crl.js';

let root: TestIdentity;
let ca: TestIdentity;
let leaf: TestIdentity;
let rootCrl: CertificateList;

beforeAll(async () => {
  root = await makeRoot('Root');
  ca = await signedCertificate({ name: 'CA', issuer: root, extensions: caExtensions() });
  leaf = await signedCertificate({
    name: 'leaf',
    issuer: ca,
    extensions: [namesOf([2, 'a.test'])],
  });
  rootCrl = await signedCrl({ issuer: root });
});

function problems(
  crls: readonly CertificateList[],
  given: Partial<PathInput> = {},
): readonly string[] {
  const result = validatePath({
    leaf: leaf.certificate,
    untrusted: certificatesOf(ca),
    anchors: certificatesOf(root),
    at: NOW,
    verify: (...parts) => keys.verify(...parts),
    crls,
    ...given,
  });
  return result.problems.map(({ code, message }) => `${code}: ${message}`);
}

const ofCa = (wanted: Partial<WantedCrl> = {}): Promise<CertificateList> =>
  signedCrl({ issuer: ca, ...wanted });

test('nothing is revoked', async () => {
  expect(problems([rootCrl, await ofCa()])).toEqual([]);
});

test('the leaf is revoked, with day and reason', async () => {
  const crl = await ofCa({ revoked: [{ certificate: leaf.certificate, reason: 1 }] });
  expect(problems([rootCrl, crl])).toEqual([
    'revoked: "CN=leaf" was revoked at 2026-11-21T03:26:19Z (key compromise)',
  ]);
});

test('a CA in between is revoked', async () => {
  const crl = await signedCrl({ issuer: root, revoked: [{ certificate: ca.certificate }] });
  expect(problems([crl, await ofCa()])).toEqual([
    'revoked: "CN=CA" was revoked at 2026-11-21T03:26:19Z (no reason given)',
  ]);
});

test('every certificate below the anchor must be shown good, once there are CRLs', async () => {
  const [only, ...others] = problems([await ofCa()]);
  expect(only).toContain(
    'revocation-unknown: "CN=CA" cannot be shown not to be revoked: there is no',
  );
  expect(others).toEqual([]);
  expect(problems([])).toEqual([]);
  expect(problems([], { checkRevocation: true })).toHaveLength(2);
  expect(problems([await ofCa()], { checkRevocation: false })).toEqual([]);
});

describe('a CRL that cannot be used', () => {
  test.each<[string, Partial<WantedCrl>, string]>([
    ['is out of date', { nextUpdate: NOW - 1 }, 'is out of date since'],
    ['is of the future', { thisUpdate: NOW + 1 }, 'is not issued before'],
    ['has a strange critical extension', { extensions: [strangeExtension(true)] }, 'critical'],
  ])('it %s', async (_what, wanted, why) => {
    const [only] = problems([rootCrl, await ofCa(wanted)]);
    expect(only).toContain('revocation-unknown: "CN=leaf"');
    expect(only).toContain(why);
  });

  test('both ends of its validity are valid', async () => {
    expect(problems([rootCrl, await ofCa({ nextUpdate: NOW, thisUpdate: NOW })])).toEqual([]);
  });

  test('it is signed by somebody else of that name', async () => {
    const other = await signedCertificate({ name: 'CA', issuer: root, extensions: caExtensions() });
    const strangeRoot = await makeRoot('Elsewhere');
    const foreign = await signedCertificate({
      name: 'CA',
      issuer: strangeRoot,
      extensions: caExtensions(),
    });
    const crls = [rootCrl, await signedCrl({ issuer: foreign })];
    const untrusted = certificatesOf(ca, foreign, strangeRoot);
    expect(problems(crls, { untrusted })[0]).toContain('not signed by anybody who may sign it');
    const own = [rootCrl, await signedCrl({ issuer: other })];
    expect(problems(own, { untrusted: certificatesOf(ca, other) })).toEqual([]);
  });

  test('its signer may not sign CRLs', async () => {
    const only = [...caExtensions().slice(0, 1), usageOf('keyCertSign')];
    const mute = await signedCertificate({ name: 'Mute', issuer: root, extensions: only });
    const below = await signedCertificate({ name: 'leaf', issuer: mute, extensions: [] });
    const crls = [rootCrl, await signedCrl({ issuer: mute })];
    const given = { leaf: below.certificate, untrusted: certificatesOf(mute) };
    expect(problems(crls, given)[0]).toContain('not signed by anybody who may sign it');
  });
});

describe('scopes (RFC 5280 §5.2.5)', () => {
  const scope = (number: number): Pick<WantedCrl, 'extensions'> => {
    const value = writeSequence(writeDer(0x80 | number, Uint8Array.of(0xff)));
    return { extensions: [{ oid: EXTENSION.issuingDistributionPoint, critical: true, value }] };
  };

  test('a CRL for users only says nothing about CAs, and the reverse', async () => {
    expect(problems([rootCrl, await ofCa(scope(1))])).toEqual([]);
    expect(problems([rootCrl, await ofCa(scope(2))])).toHaveLength(1);
    expect(problems([rootCrl, await ofCa(scope(5))])).toHaveLength(1);
  });

  test('CRLs for some reasons must cover all reasons together', async () => {
    const some = (octets: readonly number[]): Pick<WantedCrl, 'extensions'> => {
      const value = writeSequence(writeDer(0x83, Uint8Array.from(octets)));
      return { extensions: [{ oid: EXTENSION.issuingDistributionPoint, critical: true, value }] };
    };
    const compromised = await ofCa(some([5, 0x60]));
    const others = await ofCa(some([7, 0x1f, 0x80]));
    expect(problems([rootCrl, compromised])[0]).toContain('do not speak for every reason');
    expect(problems([rootCrl, compromised, others])).toEqual([]);
  });
});

describe('deltas (RFC 5280 §5.2.4)', () => {
  const entry = (reason: number): readonly Revocation[] => [
    { certificate: leaf.certificate, reason },
  ];

  test('a newer one revokes, takes back, and refreshes', async () => {
    const base = await ofCa({ number: 5 });
    const held = await ofCa({ number: 5, revoked: entry(6) });
    const revoking = await ofCa({ base: 5, number: 6, revoked: entry(4) });
    const freeing = await ofCa({ base: 4, number: 7, revoked: entry(8) });
    expect(problems([rootCrl, base, revoking])[0]).toContain('(superseded)');
    expect(problems([rootCrl, held, freeing])).toEqual([]);
    expect(problems([rootCrl, held])[0]).toContain('(on hold)');
    const stale = await ofCa({ number: 5, nextUpdate: NOW - 1 });
    expect(problems([rootCrl, stale, freeing])).toEqual([]);
  });

  test('one of another base, or without a base, counts for nothing', async () => {
    const base = await ofCa({ number: 5 });
    const late = await ofCa({ base: 6, number: 7, revoked: entry(4) });
    expect(problems([rootCrl, base, late])).toEqual([]);
    expect(problems([rootCrl, late])).toHaveLength(1);
  });
});
