import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { KEY_SPECS, type KeySpec } from '../../src/zone/key-spec.js';
import { buildProgram, type BuiltProgram } from '../support/built-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const openssl = requireTool('openssl') ? test : test.skip;
const keytool = requireTool('keytool') ? test : test.skip;

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/gu;
const SERVERS = ['ca1', 'web1'];
/** Making RSA keys takes as long as it takes. */
const LONG_MS = 180_000;

/** Everything that was minted, as it came to lie in files: PEM, the leaf first in a chain. */
interface Minted {
  readonly oldRoot: string;
  readonly newRoot: string;
  /** Chains by server: before the remint, staged, activated. */
  readonly first: readonly (readonly string[])[];
  readonly staged: readonly (readonly string[])[];
  readonly active: readonly (readonly string[])[];
}

let program: BuiltProgram;

beforeAll(() => {
  program = buildProgram();
});

async function mint(spec: KeySpec, next: KeySpec | undefined): Promise<Minted> {
  const zone = join(temporaryFolder(), 'zone');
  const zmint = async (...words: readonly string[]): Promise<void> => {
    const run = await program.run(...words, '--yes', '--zone', zone);
    expect(run).toMatchObject({ status: 0 });
  };
  const read = (path: string): readonly string[] =>
    readFileSync(join(zone, path), 'latin1').match(PEM) ?? [];
  const live = (): readonly (readonly string[])[] =>
    SERVERS.map((name) => read(`servers/${name}/security/live/server.cer`));
  const first = ['--server', 'ca1', '--dns', 'ca1.example.com', '--key', spec, '--no-passphrase'];
  await zmint('init', '--name', 'Specs', ...first);
  await zmint('server', 'add', 'web1', '--dns', 'web1.example.com', '--ip', '192.0.2.7');
  const before = live();
  const key = next === undefined ? [] : ['--key', next];
  await zmint('ssl', 'remint', '--ca', '--no-backup-check', '--activate-at', '1h', ...key);
  const staged = live();
  const [oldRoot = '', newRoot = ''] = read('truststore/cacerts.pem');
  await zmint('ssl', 'activate', '--now');
  return { oldRoot, newRoot, first: before, staged, active: live() };
}

/** The key of a certificate in the words of a SPEC. */
function specOf(pem: string): string {
  const { asymmetricKeyType = '', asymmetricKeyDetails } = new X509Certificate(pem).publicKey;
  const curves: Readonly<Record<string, string>> = {
    prime256v1: 'ec:P-256',
    secp384r1: 'ec:P-384',
    secp521r1: 'ec:P-521',
  };
  if (asymmetricKeyType === 'ec') return curves[asymmetricKeyDetails?.namedCurve ?? ''] ?? '';
  if (asymmetricKeyType !== 'rsa') return asymmetricKeyType;
  return `rsa:${asymmetricKeyDetails?.modulusLength ?? 0}`;
}

function all({ oldRoot, newRoot, first, staged, active }: Minted): readonly string[] {
  return [...new Set([oldRoot, newRoot, ...first.flat(), ...staged.flat(), ...active.flat()])];
}

/** What `openssl verify -x509_strict` says to a chain, for a client with this root alone. */
function verify(root: string, [leaf = '', ...behind]: readonly string[], purpose?: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'root.pem'), root);
  writeFileSync(join(folder, 'leaf.pem'), leaf);
  writeFileSync(join(folder, 'behind.pem'), behind.join(''));
  const { stdout, stderr } = spawnSync(
    'openssl',
    [
      ...['verify', '-x509_strict', '-check_ss_sig', '-no-CApath', '-no-CAstore'],
      ...['-CAfile', 'root.pem', ...(purpose === undefined ? [] : ['-purpose', purpose])],
      ...(behind.length === 0 ? [] : ['-untrusted', 'behind.pem']),
      'leaf.pem',
    ],
    { cwd: folder, env: toolEnvironment(), encoding: 'utf8' },
  );
  return `${stdout}${stderr}`.trim();
}

const MIXED: readonly (readonly [KeySpec, KeySpec])[] = [
  ['ec:P-256', 'rsa:2048'],
  ['rsa:2048', 'ed25519'],
  ['ed25519', 'ec:P-384'],
];

describe.each([...KEY_SPECS.map((spec) => [spec, spec] as const), ...MIXED])(
  'a zone of %s, its CA reminted to %s',
  (spec, next) => {
    let minted: Minted;

    beforeAll(async () => {
      minted = await mint(spec, spec === next ? undefined : next);
    }, LONG_MS);

    test('has the keys that were asked for, and both cross-certificates', () => {
      const { oldRoot, newRoot, first, staged, active } = minted;
      for (const chain of [[oldRoot], ...first]) expect(chain.map(specOf)).toEqual([spec]);
      for (const chain of staged) expect(chain.map(specOf)).toEqual([spec, spec]);
      for (const chain of active) expect(chain.map(specOf)).toEqual([next, next]);
      expect(specOf(newRoot)).toBe(next);
      // Two roots, two leaves of each of two servers, NewWithOld and OldWithNew.
      expect(all(minted)).toHaveLength(8);
    });

    openssl('passes openssl verify -x509_strict under each root that is to lead to it', () => {
      const { oldRoot, newRoot, first, staged, active } = minted;
      const ok = 'leaf.pem: OK';
      for (const root of [oldRoot, newRoot]) expect(verify(root, [root])).toBe(ok);
      for (const chain of first) expect(verify(oldRoot, chain, 'sslserver')).toBe(ok);
      for (const chain of [...staged, ...active]) {
        for (const root of [oldRoot, newRoot]) expect(verify(root, chain, 'sslserver')).toBe(ok);
      }
      const cross = (chains: Minted['staged']): readonly string[] => chains[0]?.slice(1) ?? [];
      expect(verify(newRoot, cross(staged))).toBe(ok);
      expect(verify(oldRoot, cross(active))).toBe(ok);
      expect(verify(newRoot, first[0] ?? [])).toContain('unable to get local issuer certificate');
    });

    keytool("is read by Java's keytool", () => {
      const pems = all(minted);
      const file = join(temporaryFolder(), 'all.pem');
      writeFileSync(file, pems.join(''));
      const { status, stdout } = spawnSync('keytool', ['-printcert', '-file', file], {
        env: toolEnvironment(),
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      const shown = [...stdout.matchAll(/SHA256: ([\dA-F:]{95})/gu)].map((match) => match[1]);
      expect(shown).toEqual(pems.map((pem) => new X509Certificate(pem).fingerprint256));
    });
  },
);
