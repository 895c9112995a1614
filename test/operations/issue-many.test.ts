import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createNodeDigest } from '../../src/adapters/crypto/digest.js';
import { createNodeRandom } from '../../src/adapters/crypto/random.js';
import { encodePem } from '../../src/encoding/pem.js';
import {
  issuedRecord,
  proveIssued,
  type IssueFacts,
  type Subject,
} from '../../src/operations/issue-certificate.js';
import {
  issueMany,
  type BatchIssuer,
  type BatchOrder,
  type IssuedUnread,
} from '../../src/operations/issue-many.js';
import { recordFromOrder } from '../../src/operations/record-from-order.js';
import type { OperationContext } from '../../src/ports/context.js';
import type { KeyPair } from '../../src/ports/keys.js';
import { assembleCertificate } from '../../src/x509/certificate-content.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import { createLeafTemplate } from '../../src/x509/leaf-template.js';
import type { Change } from '../../src/zone/change.js';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';
import { keys, makeRoot, NOW, SERVER_AUTH, type TestIdentity } from '../support/issue-for-test.js';
import { leafFields, leafShape, serverNames } from '../support/leaf-profiles.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const openssl = requireTool('openssl') ? test : test.skip;
const digest = createNodeDigest();
const FACTS: IssueFacts = {
  purpose: 'server',
  memberId: 'member-7',
  operationId: 'operation-3',
  issuerGeneration: 2,
  subjectGeneration: null,
  keyFrom: null,
  at: NOW,
};

const pairs = new Map<KeySpec, readonly KeyPair[]>();
const root = new Map<KeySpec, TestIdentity>();

beforeAll(async () => {
  for (const spec of KEY_SPECS) {
    pairs.set(spec, await keys.generateMany(spec, spec.startsWith('rsa') ? 2 : 8));
    root.set(spec, await makeRoot(`Zone CA ${spec}`, spec, { notAfter: NOW + 4e9 }));
  }
});

interface World {
  readonly ctx: OperationContext;
  /** What happened, in its order. */
  readonly steps: string[];
  readonly changes: Change[];
}

/** A context that has what minting needs: real keys, digests and randomness, and a store that listens. */
function world(broken: Partial<OperationContext> = {}): World {
  const steps: string[] = [];
  const changes: Change[] = [];
  const commit: OperationContext['store']['commit'] = (entry, list) => {
    steps.push(`commit ${entry.what}`);
    const given: unknown = list;
    if (Array.isArray(given)) changes.push(...(given as readonly Change[]));
    return Promise.resolve();
  };
  const random = createNodeRandom();
  const ctx = { keys, digest, random, actor: 'anna', store: { commit }, ...broken };
  return { ctx: ctx as unknown as OperationContext, steps, changes };
}

function issuerOf(spec: KeySpec, steps: string[] = []): BatchIssuer {
  const made = root.get(spec);
  if (made === undefined) throw new Error(`there is no root for ${spec}`);
  const { signer, certificate } = made;
  const signMany: typeof signer.signMany = (list) => {
    steps.push(`sign ${list.length}`);
    return signer.signMany(list);
  };
  return { signer: { ...signer, signMany }, name: certificate.subject, certificate };
}

const order = (pair: KeyPair, subject: Partial<Subject> = {}): BatchOrder => ({
  subject: {
    name: encodeDistinguishedName([{ type: 'CN', value: 'web1.example.com' }]),
    spki: pair.spki,
    validity: { notBefore: NOW, notAfter: NOW + 86_400 },
    ca: false,
    dnsNames: ['web1.example.com'],
    ipAddresses: [],
    extendedKeyUsage: [SERVER_AUTH],
    ...subject,
  },
  facts: FACTS,
  state: 'future',
});

const pairOf = (spec: KeySpec, index = 0): KeyPair => {
  const pair = pairs.get(spec)?.[index];
  if (pair === undefined) throw new Error(`there is no pair for ${spec}`);
  return pair;
};

/** Random orders that break no rule, for keys of every kind. */
const anyOrder = fc
  .record({
    spec: fc.constantFrom(...KEY_SPECS),
    names: serverNames(),
    notBefore: fc.integer({ min: NOW - 3600, max: NOW + 2e9 }),
    seconds: fc.integer({ min: 0, max: 1e9 }),
    extendedKeyUsage: fc.constantFrom([SERVER_AUTH], ['1.3.6.1.5.5.7.3.2', SERVER_AUTH]),
    state: fc.constantFrom('future' as const, 'current' as const),
    keyFrom: fc.option(fc.constant('ab'.repeat(32))),
  })
  .map((one): BatchOrder => {
    const validity = { notBefore: one.notBefore, notAfter: one.notBefore + one.seconds };
    const { extendedKeyUsage, names, state, keyFrom } = one;
    const made = order(pairOf(one.spec), { ...names, validity, extendedKeyUsage });
    return { ...made, state, facts: { ...FACTS, keyFrom } };
  });

describe.each(KEY_SPECS)('signed by %s', (spec) => {
  test('each certificate of random orders is proved when it is read, and its row is that of the certificate', async () => {
    const { ctx } = world();
    const issuer = issuerOf(spec);
    const orders = fc.sample(anyOrder, spec === 'rsa:4096' ? 60 : 220);
    const issued = await issueMany(ctx, issuer, orders, NOW);
    expect(issued).toHaveLength(orders.length);
    issued.forEach(({ der, record }, index) => {
      const certificate = parseCertificate(der);
      proveIssued(ctx, certificate, issuer.certificate);
      const { facts, state, subject } = orders[index] ?? order(pairOf('ec:P-256'));
      expect(record).toEqual(issuedRecord(ctx, certificate, { ...facts, state }));
      expect(certificate.subject).toEqual(subject.name);
      expect(certificate.spki).toEqual(subject.spki);
      expect(certificate.extendedKeyUsage).toEqual(subject.extendedKeyUsage);
    });
    expect(new Set(issued.map(({ record }) => record.serial)).size).toBe(orders.length);
  });

  openssl('openssl verifies one of every kind of key, strictly', async () => {
    const { ctx } = world();
    const issuer = issuerOf(spec);
    const orders = KEY_SPECS.map((one) => order(pairOf(one, 1)));
    const folder = temporaryFolder();
    const write = (name: string, der: Uint8Array): string => {
      writeFileSync(join(folder, name), encodePem('CERTIFICATE', der));
      return name;
    };
    const ca = write('ca.pem', issuer.certificate.der);
    const issued = await issueMany(ctx, issuer, orders, NOW);
    const files = issued.map(({ der }, index) => write(`${index}.pem`, der));
    const strict = ['-x509_strict', '-attime', String(NOW + 60), '-purpose', 'sslserver'];
    const said = execFileSync(
      'openssl',
      ['verify', ...strict, '-verify_hostname', 'web1.example.com', '-CAfile', ca, ...files],
      { cwd: folder, env: toolEnvironment(), encoding: 'utf8' },
    );
    expect(said).toBe(files.map((file) => `${file}: OK\n`).join(''));
  });
});

test('a row made of the order is the row made of the certificate, for thousands of them', () => {
  const { ctx } = world();
  const spkis = KEY_SPECS.map((spec) => pairOf(spec).spki);
  const algorithm = issuerOf('ec:P-256').signer.algorithm;
  fc.assert(
    fc.property(leafShape([algorithm]), leafFields(spkis), (shape, fields) => {
      const tbs = createLeafTemplate(shape).encode(fields);
      const der = assembleCertificate(tbs, algorithm, Uint8Array.of(7));
      const { subject: name, notBefore, notAfter, serial } = fields;
      const subject = { ...fields, ...shape, name, validity: { notBefore, notAfter }, ca: false };
      const made = { der, serial, issuer: shape.issuer, subject, facts: FACTS };
      expect(recordFromOrder(ctx, { ...made, state: 'current' })).toEqual(
        issuedRecord(ctx, parseCertificate(der), { ...FACTS, state: 'current' }),
      );
    }),
    { numRuns: 3000 },
  );
});

describe('a batch', () => {
  const many = (count: number): readonly BatchOrder[] =>
    Array.from({ length: count }, (_, index) => order(pairOf('ec:P-256', index % 8)));

  test('has all its serial numbers recorded, once and in order, before anything is signed (I-8)', async () => {
    const { ctx, steps, changes } = world();
    const issued = await issueMany(ctx, issuerOf('ec:P-256', steps), many(450), NOW);
    expect(steps).toEqual(['commit serials-reserved', 'sign 200', 'sign 200', 'sign 50']);
    const reserved = changes.flatMap((change) =>
      change.type === 'reserve-serials' ? change.serials : [],
    );
    expect(reserved.map(({ serial }) => serial)).toEqual(issued.map(({ record }) => record.serial));
    expect(reserved[0]).toMatchObject({
      issuerSpkiSha256: digest.sha256(issuerOf('ec:P-256').signer.spki),
      purpose: 'server',
      memberId: 'member-7',
      operationId: 'operation-3',
      reservedAt: NOW,
    });
  });

  test('signs nothing when the serial numbers cannot be recorded', async () => {
    const refused = new Error('the disk is full');
    const store = { commit: () => Promise.reject(refused) } as unknown as OperationContext['store'];
    const { ctx, steps } = world({ store });
    await expect(issueMany(ctx, issuerOf('ec:P-256', steps), many(3), NOW)).rejects.toBe(refused);
    expect(steps).toEqual([]);
  });

  test('has no CA in it', async () => {
    const { ctx, steps } = world();
    const orders = [...many(2), order(pairOf('ed25519'), { ca: true })];
    const wrong = issueMany(ctx, issuerOf('ec:P-256', steps), orders, NOW);
    await expect(wrong).rejects.toMatchObject({ code: 'bug' });
    expect(steps).toEqual([]);
  });

  const first = (
    issuer: BatchIssuer,
    subject: Partial<Subject>,
  ): Promise<readonly IssuedUnread[]> =>
    issueMany(world().ctx, issuer, [order(pairOf('ed25519'), subject), ...many(2)], NOW);

  test.each<[string, Partial<Subject>]>([
    ['breaks a rule', { dnsNames: ['web2.example.com'] }],
    ['outlives its issuer', { validity: { notBefore: NOW, notAfter: NOW + 5e9 } }],
  ])('ends as a bug when its first certificate %s', async (_what, wrong) => {
    await expect(first(issuerOf('ec:P-256'), wrong)).rejects.toMatchObject({ code: 'bug' });
  });

  test('ends as a bug when what signs is not the key of the issuer', async () => {
    const { signer } = issuerOf('ed25519');
    const issuer = issuerOf('ec:P-256');
    const signMany: typeof signer.signMany = (list) => signer.signMany(list);
    const wrong = { ...issuer, signer: { ...issuer.signer, signMany } };
    await expect(first(wrong, {})).rejects.toMatchObject({
      code: 'bug',
      details: { problems: ['its signature does not verify'] },
    });
  });

  test('ends as a bug when the row of its first certificate is not that of what is in it', async () => {
    let certificates = 0;
    const sha256 = (data: Uint8Array): string => {
      if (data.length < 300) return digest.sha256(data);
      certificates += 1;
      return `${certificates}`;
    };
    const forgetful = { ...digest, sha256 };
    const { ctx } = world({ digest: forgetful });
    await expect(issueMany(ctx, issuerOf('ec:P-256'), many(2), NOW)).rejects.toMatchObject({
      code: 'bug',
      details: { problems: ['its row differs in fingerprint'] },
    });
  });

  test('ends as a bug when a signature is missing', async () => {
    const issuer = issuerOf('ec:P-256');
    const signMany: typeof issuer.signer.signMany = async (list) =>
      (await issuer.signer.signMany(list)).slice(1);
    const wrong = { ...issuer, signer: { ...issuer.signer, signMany } };
    await expect(first(wrong, {})).rejects.toMatchObject({ code: 'bug' });
  });

  test('may be empty', async () => {
    const { ctx } = world();
    expect(await issueMany(ctx, issuerOf('ec:P-256'), [], NOW)).toEqual([]);
  });
});
