import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildProgram } from '../support/built-program.js';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { HandshakeStorm } from '../support/handshake-storm.js';
import { startJavaTlsServer, type JavaTlsServer } from '../support/java-tls-server.js';
import { derOf } from '../support/placed-pki.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { nodeOnce, type Attempt } from '../support/tls-client.js';
import { requireTool } from '../support/tools.js';

const hasJava = requireTool('javac');
const program = buildProgram();

let folder = '';
let ca: ExternalCa;
let java: JavaTlsServer | undefined;

const file = (name: string): string => join(folder, name);
const live = (name: string): string => join(folder, 'zone/servers/sat1/security/live', name);

/** Runs a command that must end with 0, and returns its JSON. */
async function zmint(...words: readonly string[]): Promise<Record<string, unknown>> {
  const run = await program.run(...words, '--yes', '--json', '--zone', file('zone'));
  if (run.status === 0) return JSON.parse(run.stdout) as Record<string, unknown>;
  throw new Error(`zmint ${words.join(' ')}: ${JSON.stringify(run)}`);
}

/** A key and a certificate for sat1 as a CA hands them out: `NAME.key` and `NAME.cer`. */
function sign(name: string): string {
  ca.openssl(
    'genpkey',
    '-algorithm',
    'rsa',
    '-pkeyopt',
    'rsa_keygen_bits:2048',
    '-out',
    `${name}.pem`,
  );
  const request = ['req', '-new', '-key', `${name}.pem`, '-subj', '/CN=sat1.example.com'];
  const pem = ca.sign(ca.openssl(...request).toString(), { names: 'DNS:sat1.example.com' });
  writeFileSync(file(`${name}.cer`), derOf(pem));
  const key = ['pkcs8', '-topk8', '-nocrypt', '-in', `${name}.pem`, '-outform', 'DER'];
  writeFileSync(file(`${name}.key`), ca.openssl(...key), { mode: 0o600 });
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

function importWords(name: string): readonly string[] {
  return ['iac', 'sat1', '-pk', file(`${name}.key`), '-c', file(`${name}.cer`), '-rc'];
}

function client(): Attempt {
  return {
    root: ca.root,
    target: `127.0.0.1:${java?.port ?? 0}`,
    serverName: 'sat1.example.com',
  };
}

beforeEach(async () => {
  folder = temporaryFolder();
  ca = makeExternalCa(Date.now() / 1000);
  writeFileSync(file('chain.pem'), ca.intermediate + ca.root);
  writeFileSync(file('password'), 'open sesame\n', { mode: 0o600 });
  await zmint(
    ...['init', '--name', 'Example', '--server', 'ca1', '--dns', 'ca1.example.com'],
    ...['--ca', 'external', '--chain', file('chain.pem')],
  );
  await zmint(
    ...['server', 'add', 'sat1', '--dns', 'sat1.example.com', '--no-mint'],
    ...['--kind', 'satellite', '--role', 'authentication'],
  );
});

afterEach(async () => {
  await java?.stop();
  java = undefined;
});

(hasJava ? describe : describe.skip)('a satellite whose server is written in Java', () => {
  test.each(['jks', 'pkcs12'])(
    'goes from certificate to certificate with its %s, and nobody is turned away',
    async (format) => {
      sign('first');
      const secrets = ['--keystore', format, '--keystore-passphrase-file', file('password')];
      await zmint(...importWords('first'), ...secrets);
      java = await startJavaTlsServer(live(format === 'jks' ? 'server.jks' : 'server.p12'));
      await zmint(
        ...['server', 'set', 'sat1', '--probe', `127.0.0.1:${java.port}`],
        ...['--reload', `kill -HUP ${java.pid}`],
      );
      // Gentle: Java derives the keys of a PKCS#12 for seconds on a busy machine.
      const storm = new HandshakeStorm([{ name: 'client', ...client() }], { pauseMs: 100 });
      storm.start();
      const wanted = sign('second');
      expect(await zmint(...importWords('second'))).toMatchObject({ evidence: 'handshake' });
      const shown = await nodeOnce({ ...client(), expect: wanted });
      expect(shown).toEqual({ ok: true, fingerprint: wanted });
      expect(await zmint('asr', '-t', 'all')).toMatchObject({ evidence: 'handshake' });
      expect(await zmint('isc')).toMatchObject({ evidence: 'handshake' });
      // A busy machine makes few: as many more as tell something.
      await storm.reach(6);
      const { client: counted } = await storm.stop();
      expect(counted).toMatchObject({ failed: 0, reasons: {} });
      expect(counted?.ok).toBeGreaterThan(5);
      expect(java.hasEnded()).toBe(false);
      const verified = await program.run('ssl', 'verify', 'sat1', '--zone', file('zone'));
      expect(verified).toMatchObject({ status: 0 });
    },
    120_000,
  );

  test('that does not read its keystore again keeps the certificate from before', async () => {
    const before = sign('first');
    await zmint(
      ...importWords('first'),
      ...['--keystore', 'jks', '--keystore-passphrase-file', file('password')],
    );
    java = await startJavaTlsServer(live('server.jks'));
    await zmint(
      ...['server', 'set', 'sat1', '--probe', `127.0.0.1:${java.port}`, '--reload', 'true'],
    );
    sign('second');
    const run = await program.run(...importWords('second'), '--zone', file('zone'));
    expect(run.status).toBe(31);
    expect(run.stderr).toContain('the set from before is live again');
    expect(await nodeOnce(client())).toEqual({ ok: true, fingerprint: before });
    const shown = new X509Certificate(readFileSync(live('server.cer'))).fingerprint256;
    expect(shown.replaceAll(':', '').toLowerCase()).toBe(before);
    expect(existsSync(live('server.jks'))).toBe(true);
  }, 120_000);
});

describe('passwords on the command line', () => {
  test('are gone from the process list when anything else runs', async () => {
    sign('first');
    await zmint(...importWords('first'));
    const words = ['--to', 'jks', '--alias', 'sat1', '--out', file('one.jks')];
    await zmint(
      ...['cert', 'convert', file('first.cer'), '--key', file('first.key')],
      ...[...words, '--out-passphrase-file', file('password')],
    );
    const spy = `tr '\\0' ' ' < /proc/$PPID/cmdline > ${file('seen')}`;
    await zmint('server', 'set', 'sat1', '--reload', spy);
    await zmint(
      'iac',
      '-ks',
      file('one.jks'),
      '-ksp',
      'open sesame',
      '-u',
      'admin',
      '-p',
      'hidden',
    );
    const seen = readFileSync(file('seen'), 'utf8');
    expect(seen).toContain('zmint');
    expect(seen).not.toContain('sesame');
    expect(seen).not.toContain('hidden');
  }, 60_000);
});
