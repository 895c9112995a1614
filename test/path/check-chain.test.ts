import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkChain, findChain, type ChainInput } from '../../src/path/check-chain.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import {
  issue,
  keys,
  makeCross,
  makeLeaf,
  makeRoot,
  NOW,
  type TestIdentity,
} from '../support/issue-for-test.js';

let oldRoot: TestIdentity;
let newRoot: TestIdentity;
let stranger: TestIdentity;
let leaf: Certificate;
let newWithOld: Certificate;
let oldWithNew: Certificate;

beforeAll(async () => {
  oldRoot = await makeRoot('CA G1');
  newRoot = await makeRoot('CA G2');
  stranger = await makeRoot('Stranger');
  leaf = (await makeLeaf('web1', newRoot)).certificate;
  newWithOld = await makeCross(newRoot, oldRoot);
  oldWithNew = await makeCross(oldRoot, newRoot);
});

function input(given: Partial<ChainInput>): ChainInput {
  return {
    leaf,
    intermediates: [],
    anchors: [newRoot.certificate],
    at: NOW,
    verify: (spki, algorithm, data, signature) => keys.verify(spki, algorithm, data, signature),
    ...given,
  };
}

const pathOf = (given: Partial<ChainInput>): readonly string[] | undefined =>
  findChain(input(given)).path?.map(({ subject, issuer }) => `${subject.text} by ${issuer.text}`);
const problemsOf = (given: Partial<ChainInput>): readonly string[] =>
  checkChain(input(given)).map(({ code, message }) => `${code}: ${message}`);

describe('paths that are found', () => {
  test('straight to the root', () => {
    expect(pathOf({})).toEqual(['CN=web1 by CN=CA G2', 'CN=CA G2 by CN=CA G2']);
    expect(checkChain(input({}))).toEqual([]);
  });

  test('through NewWithOld, for who knows only the old root', () => {
    const given = { intermediates: [newWithOld], anchors: [oldRoot.certificate] };
    expect(pathOf(given)).toEqual([
      'CN=web1 by CN=CA G2',
      'CN=CA G2 by CN=CA G1',
      'CN=CA G1 by CN=CA G1',
    ]);
  });

  test('the shortest when both roots are trusted', () => {
    const anchors = [oldRoot.certificate, newRoot.certificate];
    expect(pathOf({ intermediates: [newWithOld, oldWithNew], anchors })).toHaveLength(2);
  });

  test('whatever order and strays the intermediates have', () => {
    const intermediates = [stranger.certificate, oldWithNew, newRoot.certificate, newWithOld, leaf];
    for (const given of [intermediates, [...intermediates].reverse()]) {
      expect(pathOf({ intermediates: given, anchors: [oldRoot.certificate] })).toHaveLength(3);
    }
  });

  test('an anchor is known by its bytes, not by the object', () => {
    expect(
      pathOf({ anchors: [parseCertificate(Uint8Array.from(newRoot.certificate.der))] }),
    ).toHaveLength(2);
  });

  test('a root that is trusted is its own path', () => {
    expect(pathOf({ leaf: newRoot.certificate })).toEqual(['CN=CA G2 by CN=CA G2']);
  });

  test('two roots of one name, told apart by their keys', async () => {
    const twin = await makeRoot('CA G2');
    const anchors = [twin.certificate, newRoot.certificate];
    expect(findChain(input({ anchors })).path?.[1]).toBe(newRoot.certificate);
  });

  test('a same-key remint: the old leaf under the new root', async () => {
    const again = await issue(newRoot.pair, null, {
      subject: newRoot.certificate.subject,
      ca: true,
    });
    expect(pathOf({ anchors: [again.certificate] })).toHaveLength(2);
  });

  test('around an intermediate that has expired, when another holds', async () => {
    const expired = await makeCross(newRoot, oldRoot, { notAfter: NOW - 1 });
    const given = { intermediates: [expired, newWithOld], anchors: [oldRoot.certificate] };
    expect(findChain(input(given)).path?.[1]).toBe(newWithOld);
  });

  test('both ends of the validity are valid', () => {
    expect(problemsOf({ at: leaf.notBefore })).toEqual([]);
    expect(problemsOf({ at: leaf.notAfter })).toEqual([]);
  });

  test('an end entity without names', async () => {
    const nameless = await makeLeaf('web1', newRoot, { subject: encodeDistinguishedName([]) });
    expect(pathOf({ leaf: nameless.certificate })).toHaveLength(2);
  });
});

describe('paths that do not hold, with the reason', () => {
  test('no root of the zone', () => {
    expect(problemsOf({ anchors: [stranger.certificate] })).toEqual([
      'chain-untrusted: "CN=web1" is issued by "CN=CA G2", whose certificate is missing',
    ]);
    expect(problemsOf({ anchors: [] })).toHaveLength(1);
  });

  test('the cross-certificate is there, the old root is not: the longest way is told', () => {
    expect(problemsOf({ intermediates: [newWithOld], anchors: [stranger.certificate] })).toEqual([
      'chain-untrusted: "CN=CA G2" is issued by "CN=CA G1", whose certificate is missing',
    ]);
  });

  test('a root that is sent but not trusted', () => {
    const given = { intermediates: [newRoot.certificate], anchors: [oldRoot.certificate] };
    expect(problemsOf(given)).toEqual([
      'chain-untrusted: "CN=CA G2" is a root that is not trusted',
    ]);
    expect(problemsOf({ leaf: stranger.certificate })).toEqual([
      'chain-untrusted: "CN=Stranger" is a root that is not trusted',
    ]);
  });

  test('another key of the same name', async () => {
    const twin = await makeRoot('CA G2');
    expect(problemsOf({ anchors: [twin.certificate] })).toEqual([
      'chain-untrusted: "CN=web1" is issued by another key of "CN=CA G2" than that of the certificates at hand',
    ]);
  });

  test('a signature that was changed', () => {
    const bent = Uint8Array.from(leaf.der);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    expect(problemsOf({ leaf: parseCertificate(bent) })).toEqual([
      'chain-untrusted: "CN=web1" does not bear the signature of "CN=CA G2"',
    ]);
  });

  test('a name that was changed', () => {
    const hex = Buffer.from(leaf.der).toString('latin1').replace('web1', 'web2');
    expect(
      problemsOf({ leaf: parseCertificate(Uint8Array.from(Buffer.from(hex, 'latin1'))) }),
    ).toEqual(['chain-untrusted: "CN=web2" does not bear the signature of "CN=CA G2"']);
  });

  test('a second too early, a second too late', () => {
    const early = problemsOf({ at: leaf.notBefore - 1 });
    const late = problemsOf({ at: leaf.notAfter + 1 });
    expect(early[0]).toBe('not-valid-then: "CN=web1" is not valid before 2026-11-21T04:26:19Z');
    expect(late[0]).toBe('not-valid-then: "CN=web1" is not valid after 2027-11-21T05:26:19Z');
    expect([early.length, late.length]).toEqual([2, 2]);
  });

  test('a root that has expired', async () => {
    const root = await makeRoot('Old', 'ec:P-256', { notAfter: NOW - 1 });
    const { certificate } = await makeLeaf('web1', root);
    expect(problemsOf({ leaf: certificate, anchors: [root.certificate] })).toEqual([
      'not-valid-then: "CN=Old" is not valid after 2026-11-21T05:26:18Z',
    ]);
  });

  test('an end entity that signs', async () => {
    const server = await makeLeaf('web1', newRoot);
    const { certificate } = await makeLeaf('web2', server);
    expect(problemsOf({ leaf: certificate, intermediates: [server.certificate] })).toEqual([
      'policy: "CN=web1" is not a CA',
      'policy: "CN=web1" may not sign certificates',
    ]);
  });

  test('a path length that is used up', () => {
    const tight = { ...oldRoot.certificate, pathLength: 0 };
    const given = { intermediates: [newWithOld], anchors: [tight] };
    expect(problemsOf(given)).toEqual([
      'policy: "CN=CA G1" allows 0 CAs below itself, and there are 1',
    ]);
    expect(problemsOf({ ...given, anchors: [{ ...tight, pathLength: 1 }] })).toEqual([]);
  });

  test('self-issued certificates do not count for the path length', async () => {
    const subject = oldRoot.certificate.subject;
    const rolled = await issue(await keys.generate('ec:P-256'), oldRoot, { subject, ca: true });
    const { certificate } = await makeLeaf('web1', rolled);
    const anchors = [{ ...oldRoot.certificate, pathLength: 0 }];
    const intermediates = [rolled.certificate];
    expect(problemsOf({ leaf: certificate, intermediates, anchors })).toEqual([]);
  });

  test('a root of version 1 cannot say that it is a CA; an intermediate of version 1 is none', () => {
    const silent = { version: 1, isCa: false, keyUsage: null, extensions: [] } as const;
    expect(problemsOf({ anchors: [{ ...newRoot.certificate, ...silent }] })).toEqual([]);
    const intermediates = [{ ...newWithOld, ...silent }];
    expect(problemsOf({ intermediates, anchors: [oldRoot.certificate] })).toEqual([
      'policy: "CN=CA G2" is not a CA',
    ]);
    const selfIssued = { ...newWithOld, ...silent, issuer: newWithOld.subject };
    const above = { ...oldRoot.certificate, subject: newWithOld.subject };
    expect(problemsOf({ intermediates: [selfIssued], anchors: [above] })).toEqual([
      'policy: "CN=CA G2" is not a CA',
    ]);
  });

  test('a path length of 0 allows a leaf', () => {
    expect(problemsOf({ anchors: [{ ...newRoot.certificate, pathLength: 0 }] })).toEqual([]);
  });

  test('a critical extension that is not known', () => {
    const strange = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: new Uint8Array() };
    const anchors = [{ ...newRoot.certificate, extensions: [strange] }];
    expect(problemsOf({ anchors })).toEqual([
      'policy: "CN=CA G2" has a critical extension 1.3.6.1.4.1.99999.1 that zmint does not know',
    ]);
    expect(
      problemsOf({
        anchors: [{ ...newRoot.certificate, extensions: [{ ...strange, critical: false }] }],
      }),
    ).toEqual([]);
  });

  test('two faults in one path are both told, a path with one comes first', async () => {
    const worse = await makeCross(newRoot, oldRoot, { notAfter: NOW - 1 });
    const other = await makeCross(newRoot, oldRoot, { notAfter: NOW - 1 });
    const bad = { ...other, pathLength: 0, isCa: false };
    const anchors = [oldRoot.certificate];
    expect(problemsOf({ intermediates: [bad], anchors })).toHaveLength(2);
    expect(problemsOf({ intermediates: [bad, worse], anchors })).toHaveLength(1);
  });

  test('the subject of what is at fault is told apart', () => {
    const [problem] = checkChain(input({ at: leaf.notAfter + 1 }));
    expect(problem).toMatchObject({ code: 'not-valid-then', subject: 'CN=web1' });
  });
});

describe('what would never end', () => {
  test('roots that certify one another in a ring', () => {
    const intermediates = [newWithOld, oldWithNew];
    expect(problemsOf({ intermediates, anchors: [stranger.certificate] })).toHaveLength(1);
  });

  test('a chain longer than any', async () => {
    let signer = newRoot;
    const intermediates: Certificate[] = [];
    for (let depth = 0; depth < 12; depth += 1) {
      const subject = encodeDistinguishedName([{ type: 'CN', value: `Sub ${depth}` }]);
      signer = await issue(await keys.generate('ec:P-256'), signer, { subject, ca: true });
      intermediates.push(signer.certificate);
    }
    const { certificate } = await makeLeaf('web1', signer);
    const [problem] = problemsOf({ leaf: certificate, intermediates });
    expect(problem).toContain('stands too far from a trusted root');
  });

  test('hundreds of certificates that all seem to fit', () => {
    let verifications = 0;
    const verify: ChainInput['verify'] = () => {
      verifications += 1;
      return true;
    };
    const crowd = Array.from({ length: 300 }, (_, index): Certificate => ({
      ...newWithOld,
      der: Uint8Array.of(index >> 8, index & 0xff),
      spki: Uint8Array.of(index >> 8, index & 0xff),
      issuer: newWithOld.subject,
      authorityKeyId: null,
      subjectKeyId: null,
    }));
    const problems = problemsOf({ intermediates: crowd, anchors: [stranger.certificate], verify });
    expect(problems).toHaveLength(1);
    expect(verifications).toBeLessThanOrEqual(200);
  });
});
