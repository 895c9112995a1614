import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { encodePem } from '../../src/encoding/pem.js';
import { parseExpectedName } from '../../src/path/expected-name.js';
import { validatePath } from '../../src/path/validate-path.js';
import type { Certificate } from '../../src/x509/certificate.js';
import { KEY_SPECS } from '../../src/zone/key-spec.js';
import { encodeDistinguishedName } from '../../src/x509/distinguished-name.js';
import {
  issue,
  keys,
  makeCross,
  makeRoot,
  NOW,
  SERVER_AUTH,
  type TestIdentity,
} from '../support/issue-for-test.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const openssl = requireTool('openssl') ? describe : describe.skip;
const DAY = 86_400;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** One question, put to both. */
interface Question {
  readonly trust: string;
  readonly untrusted?: string;
  readonly at?: number;
  readonly name?: string;
  readonly purpose?: 'sslserver' | 'sslclient';
  readonly depth?: number;
}

const CASES: readonly (readonly [what: string, valid: boolean, question: Question])[] = [
  ['the root that signed', true, { trust: 'newRoot' }],
  ['the other root', false, { trust: 'oldRoot' }],
  ['the other root, across', true, { trust: 'oldRoot', untrusted: 'newWithOld' }],
  ['the other root, the wrong way across', false, { trust: 'oldRoot', untrusted: 'oldWithNew' }],
  ['a stranger', false, { trust: 'stranger', untrusted: 'newWithOld' }],
  ['for servers', true, { trust: 'newRoot', purpose: 'sslserver' }],
  ['for clients', false, { trust: 'newRoot', purpose: 'sslclient' }],
  ['its name', true, { trust: 'newRoot', name: 'web1.example.com' }],
  ['a name of its wildcard', true, { trust: 'newRoot', name: 'a.example.org' }],
  ['two labels of its wildcard', false, { trust: 'newRoot', name: 'a.b.example.org' }],
  ['another name', false, { trust: 'newRoot', name: 'web2.example.com' }],
  ['the last second but one', true, { trust: 'newRoot', at: NOW + 100 * DAY - 1 }],
  ['a second after', false, { trust: 'newRoot', at: NOW + 100 * DAY + 1 }],
  ['the first second', true, { trust: 'newRoot', at: NOW - 3600 }],
  ['a second before', false, { trust: 'newRoot', at: NOW - 3601 }],
  ['none between', true, { trust: 'newRoot', depth: 0 }],
  ['one between, none allowed', false, { trust: 'oldRoot', untrusted: 'newWithOld', depth: 0 }],
];

openssl.each(KEY_SPECS)('openssl verify agrees about %s', (spec) => {
  let leaf: Certificate;
  let others: Readonly<Record<string, Certificate>>;
  const folder = temporaryFolder();

  beforeAll(async () => {
    const oldRoot = await makeRoot('G1', spec);
    const newRoot = await makeRoot('G2', spec);
    const stranger = await makeRoot('Stranger', spec);
    leaf = (await makeServer(await keys.generate(spec), newRoot)).certificate;
    others = {
      oldRoot: oldRoot.certificate,
      newRoot: newRoot.certificate,
      stranger: stranger.certificate,
      newWithOld: await makeCross(newRoot, oldRoot),
      oldWithNew: await makeCross(oldRoot, newRoot),
    };
    for (const [name, { der }] of Object.entries({ leaf, ...others })) {
      writeFileSync(join(folder, `${name}.pem`), encodePem('CERTIFICATE', der));
    }
  }, 180_000);

  test.each(CASES)('%s: %s', (_what, valid, question) => {
    expect(askZmint(question)).toBe(valid);
    expect(askOpenssl(question)).toBe(valid);
  });

  test('but for the last second, which RFC 5280 §4.1.2.5 includes and openssl 3.0 does not', () => {
    const question = { trust: 'newRoot', at: NOW + 100 * DAY };
    expect(askZmint(question)).toBe(true);
    expect(askOpenssl(question)).toBe(false);
  });

  function askZmint({ trust, untrusted, at, name, purpose, depth }: Question): boolean {
    const eku = purpose === 'sslclient' ? CLIENT_AUTH : SERVER_AUTH;
    return validatePath({
      leaf,
      anchors: named(trust),
      untrusted: untrusted === undefined ? [] : named(untrusted),
      at: at ?? NOW,
      verify: (...parts) => keys.verify(...parts),
      ...(name === undefined ? {} : { name: parseExpectedName(name) }),
      ...(purpose === undefined ? {} : { eku }),
      ...(depth === undefined ? {} : { maxDepth: depth }),
    }).valid;
  }

  function named(name: string): readonly Certificate[] {
    const certificate = others[name];
    return certificate === undefined ? [] : [certificate];
  }

  function askOpenssl({ trust, untrusted, at, name, purpose, depth }: Question): boolean {
    const args = [
      ...['verify', '-x509_strict', '-attime', String(at ?? NOW), '-CAfile', `${trust}.pem`],
      ...(untrusted === undefined ? [] : ['-untrusted', `${untrusted}.pem`]),
      ...(name === undefined ? [] : ['-verify_hostname', name]),
      ...(purpose === undefined ? [] : ['-purpose', purpose]),
      ...(depth === undefined ? [] : ['-verify_depth', String(depth)]),
      'leaf.pem',
    ];
    return spawnSync('openssl', args, { cwd: folder, env: toolEnvironment() }).status === 0;
  }
});

function makeServer(
  pair: Awaited<ReturnType<typeof keys.generate>>,
  issuer: TestIdentity,
): Promise<TestIdentity> {
  return issue(pair, issuer, {
    subject: encodeDistinguishedName([{ type: 'CN', value: 'web1.example.com' }]),
    notAfter: NOW + 100 * DAY,
    dnsNames: ['web1.example.com', '*.example.org'],
    extendedKeyUsage: [SERVER_AUTH],
  });
}
