import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeSequence } from '../../src/encoding/der-writer.js';
import type { PathInput } from '../../src/path/path-input.js';
import { validatePath } from '../../src/path/validate-path.js';
import type { Extension } from '../../src/x509/extension.js';
import { EXTENSION } from '../../src/x509/extension-oid.js';
import { keys, makeRoot, NOW, SERVER_AUTH, type TestIdentity } from '../support/issue-for-test.js';
import {
  caExtensions,
  certificatesOf,
  constraintsOf,
  generalName,
  nameConstraintsOf,
  namesOf,
  policiesOf,
  purposesOf,
  signedCertificate,
  strangeExtension,
  usageOf,
} from '../support/signed-certificate.js';
import { costOf } from '../support/cpu-time.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';
let root: TestIdentity;

beforeAll(async () => {
  root = await makeRoot('Root');
});

interface Chain {
  readonly ca?: TestIdentity | undefined;
  readonly leaf: TestIdentity;
}

function codes({ ca, leaf }: Chain, given: Partial<PathInput> = {}): readonly string[] {
  const result = validatePath({
    leaf: leaf.certificate,
    untrusted: ca === undefined ? [] : [ca.certificate],
    anchors: [root.certificate],
    at: NOW,
    verify: (...parts) => keys.verify(...parts),
    ...given,
  });
  return result.problems.map(({ code, certificate }) => `${certificate.subject.text}: ${code}`);
}

const makeCa = (...others: readonly Extension[]): Promise<TestIdentity> =>
  signedCertificate({ name: 'CA', issuer: root, extensions: caExtensions(...others) });

const makeLeafOf = (
  issuer: TestIdentity,
  ...extensions: readonly Extension[]
): Promise<TestIdentity> => signedCertificate({ name: 'leaf', issuer, extensions });

describe('purposes (RFC 5280 §4.2.1.12)', () => {
  const server = { eku: SERVER_AUTH };

  test('nested: a CA for clients cannot issue for servers', async () => {
    const ca = await makeCa(purposesOf(CLIENT_AUTH));
    const leaf = await makeLeafOf(ca, purposesOf(SERVER_AUTH));
    expect(codes({ ca, leaf }, server)).toEqual(['CN=CA: extended-key-usage']);
    expect(codes({ ca, leaf })).toEqual([]);
  });

  test('any purpose, and no purpose at all, are good for all', async () => {
    const ca = await makeCa(purposesOf(ANY_PURPOSE));
    expect(codes({ ca, leaf: await makeLeafOf(ca) }, server)).toEqual([]);
    expect(codes({ ca, leaf: await makeLeafOf(ca, purposesOf(ANY_PURPOSE)) }, server)).toEqual([]);
  });

  test('the key usage must fit the purpose', async () => {
    const leaf = await makeLeafOf(root, usageOf('dataEncipherment'));
    expect(codes({ leaf }, server)).toEqual(['CN=leaf: key-usage']);
    expect(codes({ leaf }, { eku: ANY_PURPOSE })).toEqual([]);
  });
});

describe('constraints', () => {
  const permitted = nameConstraintsOf({ permitted: [generalName([2, 'example.com'])] });

  test('names that are permitted, and not', async () => {
    const ca = await makeCa(permitted);
    const inside = await makeLeafOf(ca, namesOf([2, 'web1.example.com']));
    const outside = await makeLeafOf(ca, namesOf([2, 'web1.example.com'], [2, 'web1.example.org']));
    expect(codes({ ca, leaf: inside })).toEqual([]);
    expect(codes({ ca, leaf: outside })).toEqual(['CN=leaf: name-constraints']);
  });

  test('those of the anchor apply', async () => {
    const anchor = await signedCertificate({
      name: 'Bound',
      issuer: null,
      extensions: caExtensions(permitted),
    });
    const leaf = await makeLeafOf(anchor, namesOf([2, 'web1.example.org']));
    expect(codes({ leaf }, { anchors: certificatesOf(anchor) })).toEqual([
      'CN=leaf: name-constraints',
    ]);
  });

  test('an e-mail address in the subject counts as a name', async () => {
    const ca = await makeCa(nameConstraintsOf({ excluded: [generalName([1, 'example.com'])] }));
    const attribute = '301e311c301a06092a864886f70d010901160d61406578616d706c652e636f6d';
    const subject = Uint8Array.from(Buffer.from(attribute, 'hex'));
    const leaf = await signedCertificate({ name: '', subject, issuer: ca, extensions: [] });
    expect(codes({ ca, leaf })).toEqual(['emailAddress=a@example.com: name-constraints']);
  });

  test('a path length is used up by CAs, not by the leaf', async () => {
    const tight = await signedCertificate({
      name: 'CA',
      issuer: root,
      extensions: [constraintsOf(true, 0), usageOf('keyCertSign')],
    });
    const below = await signedCertificate({
      name: 'Sub',
      issuer: tight,
      extensions: caExtensions(),
    });
    expect(codes({ ca: tight, leaf: await makeLeafOf(tight) })).toEqual([]);
    const untrusted = certificatesOf(tight, below);
    expect(codes({ leaf: await makeLeafOf(below) }, { untrusted })).toEqual(['CN=CA: path-length']);
  });

  test('no more certificates between than asked for', async () => {
    const ca = await makeCa();
    const leaf = await makeLeafOf(ca);
    expect(codes({ ca, leaf }, { maxDepth: 1 })).toEqual([]);
    expect(codes({ ca, leaf }, { maxDepth: 0 })).toEqual(['CN=leaf: path-too-long']);
  });
});

describe('policies (RFC 9618)', () => {
  const gold = '1.3.6.1.4.1.99999.1.1';
  const silver = '1.3.6.1.4.1.99999.1.2';

  test('one that is asked for must run through', async () => {
    const ca = await makeCa(policiesOf(gold));
    const leaf = await makeLeafOf(ca, policiesOf(gold, silver));
    const explicit = { explicit: true };
    expect(codes({ ca, leaf }, { policy: explicit })).toEqual([]);
    expect(codes({ ca, leaf }, { policy: { ...explicit, initialPolicySet: [gold] } })).toEqual([]);
    expect(codes({ ca, leaf }, { policy: { ...explicit, initialPolicySet: [silver] } })).toEqual([
      'CN=leaf: policy',
    ]);
    expect(codes({ ca, leaf }, { policy: { initialPolicySet: [silver] } })).toEqual([]);
  });

  test('anyPolicy stands for it, unless that is inhibited', async () => {
    const ca = await makeCa(policiesOf('2.5.29.32.0'));
    const leaf = await makeLeafOf(ca, policiesOf(gold));
    const policy = { explicit: true, initialPolicySet: [gold] };
    expect(codes({ ca, leaf }, { policy })).toEqual([]);
    expect(codes({ ca, leaf }, { policy: { ...policy, inhibitAny: true } })).toEqual([
      'CN=CA: policy',
    ]);
  });

  test('hundreds of policies in every certificate cost no more than the certificates', async () => {
    const many = policiesOf(...Array.from({ length: 500 }, (_, index) => `1.3.6.1.4.1.9.${index}`));
    const untrusted: TestIdentity[] = [];
    let issuer = root;
    for (let depth = 0; depth < 6; depth += 1) {
      const extensions = caExtensions(many);
      issuer = await signedCertificate({ name: `CA ${depth}`, issuer, extensions });
      untrusted.push(issuer);
    }
    const leaf = await makeLeafOf(issuer, many);
    const policy = { explicit: true };
    const spent = costOf(100, () => {
      expect(codes({ leaf }, { untrusted: certificatesOf(...untrusted), policy })).toEqual([]);
    });
    expect(spent).toBeLessThan(100);
  });
});

describe('what a conforming CA must do (RFC 5280 §4)', () => {
  const tolerant = { profile: 'tolerant' } as const;

  test('critical extensions that are not known, whatever the profile', async () => {
    const leaf = await makeLeafOf(root, strangeExtension(true));
    expect(codes({ leaf }, tolerant)).toEqual(['CN=leaf: critical-extension']);
    expect(codes({ leaf: await makeLeafOf(root, strangeExtension(false)) })).toEqual([]);
  });

  test('known extensions that cannot be read, critical or not', async () => {
    const broken = { oid: EXTENSION.authorityInfoAccess, critical: false, value: writeSequence() };
    const worse = { ...broken, value: Uint8Array.of(2, 1, 1) };
    expect(codes({ leaf: await makeLeafOf(root, broken) })).toEqual([]);
    expect(codes({ leaf: await makeLeafOf(root, worse) })).toEqual([
      'CN=leaf: malformed-extension',
    ]);
  });

  test.each([
    ['no key identifiers', { keyIds: false }],
    ['the serial number 0', { serial: Uint8Array.of(0) }],
  ])('%s', async (_what, given) => {
    const leaf = await signedCertificate({
      name: 'leaf',
      issuer: root,
      extensions: [purposesOf(SERVER_AUTH)],
      ...given,
    });
    expect(codes({ leaf })).toEqual(['CN=leaf: profile']);
    expect(codes({ leaf }, tolerant)).toEqual([]);
  });

  test('what only a CA may have', async () => {
    const signing = await makeLeafOf(root, usageOf('keyCertSign'));
    expect(codes({ leaf: signing })).toEqual(['CN=leaf: profile']);
    const bound = nameConstraintsOf({ permitted: [generalName([2, 'a.test'])] });
    expect(codes({ leaf: await makeLeafOf(root, bound) })).toEqual(['CN=leaf: profile']);
  });

  test('marks of criticality; those that are newer than X.509 only for servers', async () => {
    const bound = nameConstraintsOf({ permitted: [generalName([2, 'a.test'])] });
    const ca = await makeCa({ ...bound, critical: false });
    expect(codes({ ca, leaf: await makeLeafOf(ca) })).toEqual(['CN=CA: profile']);
    const extensions = [constraintsOf(true, undefined, false), usageOf('keyCertSign')];
    const loose = await signedCertificate({ name: 'CA', issuer: root, extensions });
    const leaf = await makeLeafOf(loose);
    expect(codes({ ca: loose, leaf })).toEqual([]);
    expect(codes({ ca: loose, leaf }, { eku: SERVER_AUTH })).toEqual(['CN=CA: profile']);
  });

  test('weak keys and algorithms, by what is asked for', async () => {
    const leaf = await makeLeafOf(root);
    const strength = { leastRsaBits: 3072, keys: ['ec:P-384'], hashes: ['sha384'] };
    expect(codes({ leaf }, { strength })).toEqual([
      'CN=leaf: weak-key',
      'CN=leaf: weak-signature',
      'CN=Root: weak-key',
    ]);
  });
});

describe('a budget', () => {
  test.each([
    ['signatures', { signatures: 1 }],
    ['steps', { steps: 1 }],
    ['nameComparisons', { nameComparisons: 1 }],
  ])('of %s that is used up is a problem of its own', async (kind, budget) => {
    const two = [generalName([2, 'a.test']), generalName([2, 'b.test'])];
    const ca = await makeCa(nameConstraintsOf({ excluded: two }));
    const leaf = await makeLeafOf(ca, namesOf([2, 'c.test']));
    expect(codes({ ca, leaf })).toEqual([]);
    expect(codes({ ca, leaf }, { budget })).toEqual(['CN=leaf: path-budget']);
    const result = validatePath({
      leaf: leaf.certificate,
      untrusted: [ca.certificate],
      anchors: [root.certificate],
      at: NOW,
      verify: (...parts) => keys.verify(...parts),
      budget,
    });
    expect(result.problems[0]?.message).toContain(kind);
  });

  test('a hundred CAs of one name, all signed by all they can be, are refused without trying all ways', async () => {
    const extensions = caExtensions();
    const hostile: TestIdentity[] = [];
    let issuer: TestIdentity | null = null;
    for (let index = 0; index < 100; index += 1) {
      issuer = await signedCertificate({ name: 'Hostile', issuer, extensions, keyIds: false });
      hostile.push(issuer);
    }
    const last = { name: 'leaf', issuer, extensions: [purposesOf(SERVER_AUTH)], keyIds: false };
    const leaf = await signedCertificate(last);
    const untrusted = certificatesOf(...hostile);
    const spent = costOf(100, () => {
      expect(codes({ leaf }, { untrusted, profile: 'tolerant' })).toEqual(['CN=leaf: path-budget']);
    });
    expect(spent).toBeLessThan(100);
  });
});
