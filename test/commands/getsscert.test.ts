import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commandLine, type CommandLine } from '../support/command-line.js';
import {
  makeOpensslZone,
  pemFingerprint,
  type OpensslLeaf,
  type OpensslZone,
} from '../support/openssl-zone.js';
import { startTlsServer, type StartTlsServer } from '../support/start-tls-server.js';
import { requireTool, toolEnvironment } from '../support/tools.js';

const NAME = 'web1.zone.test';
const whenOpenssl = requireTool('openssl') ? describe : describe.skip;
const whenCurl = requireTool('curl') ? test : test.skip;

let zone: OpensslZone;
let leaf: OpensslLeaf;
let server: StartTlsServer;
let mail: StartTlsServer;
let at: CommandLine;

const file = (name: string): string => join(at.zoneHome, '..', name);
const blocks = (name: string): readonly string[] =>
  readFileSync(file(name), 'utf8').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/gu) ?? [];

function get(words: string): string {
  return `zmint getsscert 127.0.0.1:${server.port} --server-name ${NAME} ${words}`;
}

/** What is wrong with the certificate of the server itself. */
function problemsIn(document: Record<string, unknown>): unknown {
  const [first] = document.certificates as readonly { readonly problems: unknown }[];
  return first?.problems;
}

whenOpenssl('zmint getsscert', () => {
  beforeAll(async () => {
    zone = makeOpensslZone();
    leaf = zone.leaf('new', NAME);
    const chain = leaf.pem + zone.newWithOld + zone.oldRoot;
    server = await startTlsServer({ protocol: null, key: leaf.key, chain });
    mail = await startTlsServer({ protocol: 'smtp', key: leaf.key, chain });
  });
  afterAll(async () => {
    await server.close();
    await mail.close();
  });
  beforeEach(() => {
    at = commandLine();
    // The certificates are made by the clock of the machine.
    at.now = Math.floor(Date.now() / 1000);
  });

  test('shows what each certificate is, and changes nothing', async () => {
    const { status, out } = await at.run(get(''));
    expect(status).toBe(0);
    expect(out).toContain('sends 3 certificates (TLSv1.3)');
    expect(out).toMatch(/What it is\s+issued by CN=Test Zone CA G2, certificate 2\n/u);
    expect(out).toMatch(/What it is\s+a root: a CA that signed itself\n/u);
    const { json } = await at.run(get('--json'));
    expect(json()).toMatchObject({
      schema: 'zmint.getsscert/1',
      fingerprintChecked: false,
      saved: null,
      certificates: [
        { sha256: pemFingerprint(leaf.pem), kind: 'issued', issuerAt: 1 },
        { kind: 'issued', issuerAt: 2 },
        { kind: 'root', issuerAt: null },
      ],
    });
  });

  test('saves what has the fingerprint, in any spelling, without a question', async () => {
    const print = pemFingerprint(leaf.pem);
    const pairs = print.toUpperCase().match(/../gu)?.join(':') ?? '';
    const words = [print, pairs, `'sha256 Fingerprint=${pairs}'`, `SHA256:${print}`];
    for (const [index, word] of words.entries()) {
      const run = await at.run(get(`--fingerprint ${word} --out c${index}.pem`));
      expect(run).toMatchObject({ status: 0 });
      expect(blocks(`c${index}.pem`)).toEqual([leaf.pem]);
    }
    const again = await at.run(get(`--fingerprint ${print} --out c0.pem`));
    expect(again).toMatchObject({ status: 0, out: expect.stringContaining('has it already') });
  });

  test('refuses another fingerprint and saves nothing', async () => {
    const wrong = pemFingerprint(zone.oldRoot);
    const run = await at.run(get(`--fingerprint ${wrong} --out c.pem --yes`));
    expect(run.status).toBe(31);
    expect(run.err).toContain('certificate 3 that it sends has it');
    expect(() => readFileSync(file('c.pem'))).toThrow('ENOENT');
    const sha1 = await at.run(get(`--fingerprint ${'ab'.repeat(20)}`));
    expect(sha1).toMatchObject({ status: 2, err: expect.stringContaining('SHA-1') });
  });

  test('asks a person; without one it needs --yes, and says what that means', async () => {
    expect(await at.run(get('--out c.pem'))).toMatchObject({ status: 2 });
    const no = await at.run(get('--out c.pem'), [{ to: /fingerprint/u, keys: 'n\r' }]);
    expect(no.status).toBe(130);
    expect(() => readFileSync(file('c.pem'))).toThrow('ENOENT');
    const yes = await at.run(get('--out c.pem'), [{ to: /fingerprint/u, keys: 'y\r' }]);
    expect(yes.status).toBe(0);
    expect(blocks('c.pem')).toEqual([leaf.pem]);
    const blind = await at.run(get('--out d.pem --yes'));
    expect(blind.err).toContain('nobody but you has checked the fingerprint');
    const dry = await at.run(get('--out e.pem --dry-run'));
    expect(dry.status).toBe(0);
    expect(() => readFileSync(file('e.pem'))).toThrow('ENOENT');
  });

  test('--add keeps what is there, byte for byte, and adds nothing twice', async () => {
    const before = `# mine\r\n${zone.strangerRoot.trimEnd()}`;
    writeFileSync(file('c.pem'), before);
    await at.given([get('--out c.pem --add --yes'), get('--out c.pem --add --yes')]);
    const after = readFileSync(file('c.pem'), 'utf8');
    expect(after.startsWith(`${before}\n\n# 127.0.0.1:${server.port} CN=${NAME}\n`)).toBe(true);
    expect(after.match(/BEGIN/gu)).toHaveLength(2);
    const replaced = await at.run(get('--out c.pem'));
    expect(replaced.status).toBe(2);
    writeFileSync(file('der.pem'), Buffer.from([0x30, 0x82, 0, 1, 0]));
    expect(await at.run(get('--out der.pem --add --yes'))).toMatchObject({ status: 20 });
  });

  test('the chain, or its top', async () => {
    await at.given([get('--save chain --out chain.pem --yes')]);
    expect(blocks('chain.pem')).toEqual([leaf.pem, zone.newWithOld, zone.oldRoot]);
    const top = pemFingerprint(zone.oldRoot);
    await at.given([get(`--save top --out top.pem --fingerprint ${top}`)]);
    expect(blocks('top.pem')).toEqual([zone.oldRoot]);
  });

  whenCurl('curl trusts the server by the top that was saved', async () => {
    await at.given([get('--save top --out top.pem --yes')]);
    const url = `https://${NAME}:${server.port}/`;
    const ask = (ca: string): Promise<string> =>
      new Promise((resolve) => {
        const args = [
          '-sv',
          '--max-time',
          '5',
          '--cacert',
          ca,
          '--connect-to',
          `${NAME}:${server.port}:127.0.0.1:${server.port}`,
          url,
        ];
        execFile('curl', args, { env: toolEnvironment() }, (_error, _out, err) => {
          resolve(err);
        });
      });
    expect(await ask(file('top.pem'))).toMatch(/SSL certificate verify ok/u);
    writeFileSync(file('stranger.pem'), zone.strangerRoot);
    expect(await ask(file('stranger.pem'))).not.toMatch(/SSL certificate verify ok/u);
  });

  test('after STARTTLS too, and what is wrong with the name', async () => {
    const { json } = await at.run(`zmint getsscert 127.0.0.1:${mail.port} --starttls smtp --json`);
    expect(json()).toMatchObject({
      certificates: [
        {
          sha256: pemFingerprint(leaf.pem),
        },
        {},
        {},
      ],
    });
    const problem = 'it is not for 127.0.0.1: it has no names of that kind';
    expect(problemsIn(json())).toContain(problem);
    const named = await at.run(get('--json'));
    expect(problemsIn(named.json())).not.toContain(problem);
  });

  test('a server that is not there', async () => {
    const run = await at.run('zmint getsscert 127.0.0.1:1 --json');
    expect(run.status).toBe(30);
    expect(await at.run('zmint getsscert nonsense:name:1')).toMatchObject({ status: 24 });
    expect(await at.run(get('--add'))).toMatchObject({ status: 2 });
  });
});
