import { beforeAll, describe, expect, test } from '@jest/globals';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { DAY } from '../../src/zone/instant.js';
import { judgeServed, type ServedQuestion } from '../../src/zone/judge-served.js';
import type { Member } from '../../src/zone/member.js';
import {
  keys,
  makeCross,
  makeLeaf,
  makeRoot,
  NOW,
  type TestIdentity,
} from '../support/issue-for-test.js';

const digest = createNodeDigest();
const sha = ({ der }: Certificate): string => digest.sha256(der);
const MEMBER: Member = {
  id: 'm1',
  name: 'web1',
  path: '/Devices/Servers/web1',
  kind: 'primary',
  roles: [],
  dnsName: 'web1.example.com',
  additionalDnsNames: [],
  ipAddresses: [],
  home: null,
  reload: null,
  probe: '127.0.0.1:443',
  version: null,
  addedAt: NOW,
};

let old: TestIdentity;
let next: TestIdentity;
let stranger: TestIdentity;
let newWithOld: Certificate;

beforeAll(async () => {
  old = await makeRoot('Zone');
  next = await makeRoot('Zone G2');
  stranger = await makeRoot('Stranger');
  newWithOld = await makeCross(next, old);
});

function question(served: readonly Certificate[], facts: Partial<ServedQuestion>): ServedQuestion {
  const [leaf, ...rest] = served.map((one) => ({ certificate: one, fingerprint: sha(one) }));
  if (leaf === undefined) throw new Error('nothing served');
  return {
    member: MEMBER,
    now: NOW,
    served: [leaf, ...rest],
    expected: leaf.fingerprint,
    owner: null,
    clients: [
      { who: 'clients with only the old root', roots: [old.certificate] },
      { who: 'clients with only the new root', roots: [next.certificate] },
    ],
    known: [newWithOld],
    crosses: new Set([sha(newWithOld)]),
    fingerprint: sha,
    verify: (spki, algorithm, data, signature) => keys.verify(spki, algorithm, data, signature),
    ...facts,
  };
}

function faults(asked: ServedQuestion): readonly string[] {
  return judgeServed(asked).map(({ fault, code }) => `${fault} ${code}`);
}

describe('what a server shows', () => {
  test('under the new CA with its cross-certificate satisfies both kinds of clients', async () => {
    const leaf = await makeLeaf('web1.example.com', next);
    expect(faults(question([leaf.certificate, newWithOld], {}))).toEqual([]);
  });

  test('without the cross-certificate loses clients with only the old root', async () => {
    const leaf = await makeLeaf('web1.example.com', next);
    const [problem, ...others] = judgeServed(question([leaf.certificate], {}));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      fault: 'cross-certificate-missing',
      code: 'chain-untrusted',
      message:
        'clients with only the old root refuse web1: it does not send the cross-certificate "CN=Zone G2"',
    });
    expect(problem?.mend).toContain('zmint ssl verify web1');
  });

  test('without a known intermediate is told apart from that', async () => {
    const leaf = await makeLeaf('web1.example.com', next);
    const roots = [old.certificate];
    const asked = { crosses: new Set<string>(), clients: [{ who: 'clients of the zone', roots }] };
    expect(faults(question([leaf.certificate], asked))).toEqual([
      'intermediate-missing chain-untrusted',
    ]);
  });

  test('that no root of the clients leads to is untrusted, for each kind of clients', async () => {
    const leaf = await makeLeaf('web1.example.com', stranger);
    expect(faults(question([leaf.certificate], {}))).toEqual([
      'trust-missing chain-untrusted',
      'trust-missing chain-untrusted',
    ]);
  });

  test('expired, of another server, for another name: each is told', async () => {
    const over = { notBefore: NOW - 9 * DAY, notAfter: NOW - DAY };
    const leaf = await makeLeaf('web2.example.com', old, over);
    const asked = question([leaf.certificate], {
      expected: 'a'.repeat(64),
      owner: 'the current certificate of web2',
      clients: [{ who: 'clients of the zone', roots: [old.certificate] }],
    });
    const found = judgeServed({ ...asked, now: NOW });
    expect(found.map(({ fault }) => fault).slice(0, 2)).toEqual(['wrong-certificate', 'expired']);
    expect(found.map(({ fault }) => fault)).toContain('name-mismatch');
    expect(found[0]?.message).toBe(
      'web1 shows the current certificate of web2, not its current one',
    );
  });

  test('an expired certificate does not hide a missing cross-certificate', async () => {
    const leaf = await makeLeaf('web1.example.com', next, { notAfter: NOW - 60 });
    expect(faults(question([leaf.certificate], {}))).toEqual([
      'expired not-valid-then',
      'cross-certificate-missing chain-untrusted',
    ]);
  });

  test('not yet valid points at the clock', async () => {
    const leaf = await makeLeaf('web1.example.com', old, { notBefore: NOW + DAY });
    const clients = [{ who: 'clients of the zone', roots: [old.certificate] }];
    const [problem] = judgeServed(question([leaf.certificate], { clients }));
    expect(problem).toMatchObject({ fault: 'not-yet-valid', code: 'not-valid-then' });
    expect(problem?.mend).toContain('clock');
  });

  test('a CA that has expired under a leaf that has not is the CA to remint', async () => {
    const over = await makeRoot('Over', 'ec:P-256', { notAfter: NOW - DAY });
    const leaf = await makeLeaf('web1.example.com', over);
    const clients = [{ who: 'clients of the zone', roots: [over.certificate] }];
    const [problem] = judgeServed(question([leaf.certificate], { clients }));
    expect(problem).toMatchObject({ fault: 'expired', mend: 'zmint ssl remint --ca' });
  });

  test('a wildcard covers the name, a leaf for an address alone does not', async () => {
    const wild = await makeLeaf('*.example.com', old);
    const clients = [{ who: 'clients of the zone', roots: [old.certificate] }];
    expect(faults(question([wild.certificate], { clients }))).toEqual([]);
    const bare = await makeLeaf('x.example.com', old, { dnsNames: [], ipAddresses: ['192.0.2.1'] });
    expect(faults(question([bare.certificate], { clients }))).toEqual(['name-mismatch policy']);
  });

  test('weak keys and hashes are told', async () => {
    const leaf = await makeLeaf('web1.example.com', old);
    const clients = [{ who: 'clients of the zone', roots: [old.certificate] }];
    const weak = { ...leaf.certificate, key: 'rsa:1024' };
    expect(faults(question([weak], { clients }))).toEqual(['weak-key policy']);
    const sha1 = { ...leaf.certificate, signatureAlgorithmName: 'ecdsa-with-SHA1' };
    expect(faults(question([sha1], { clients }))).toEqual(['weak-key policy']);
  });
});
