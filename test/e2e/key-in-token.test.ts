import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildProgram } from '../support/built-program.js';
import { commandLineOf } from '../support/command-line-of.js';
import { filesBelow } from '../support/files-below.js';
import { zmint, type TimedRun } from '../support/run-program.js';
import { pkcs11Tool, softhsmFolder } from '../support/softhsm.js';
import {
  FIRST,
  initWorld,
  keyUri,
  makeWorld,
  PIN,
  run,
  sign,
  type SofthsmWorld,
} from '../support/softhsm-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { requireTool, toolEnvironment } from '../support/tools.js';
import { picture } from '../support/zone-fsck.js';

const hasTools = ['softhsm2-util', 'pkcs11-tool', 'openssl'].map(requireTool).every(Boolean);
const SERVERS = ['ca1', 'web1'];

/** Every server's live chain, as openssl judges it with one root. */
function opensslVerify({ zoneHome }: SofthsmWorld, root: string, servers = SERVERS): void {
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/gu;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'root.pem'), root);
  for (const server of servers) {
    const live = join(zoneHome, 'servers', server, 'security/live');
    const [leaf = '', ...chain] = readFileSync(join(live, 'server.cer'), 'latin1').match(pem) ?? [];
    writeFileSync(join(folder, 'leaf.pem'), leaf);
    writeFileSync(join(folder, 'chain.pem'), [root, ...chain].join(''));
    const trust = ['-CAfile', 'root.pem', '-untrusted', 'chain.pem'];
    const words = ['verify', '-x509_strict', '-purpose', 'sslserver', ...trust, 'leaf.pem'];
    const said = execFileSync('openssl', words, { cwd: folder, env: toolEnvironment() });
    expect(said.toString()).toContain('leaf.pem: OK');
  }
}

function roots({ zoneHome }: SofthsmWorld): readonly string[] {
  const text = readFileSync(join(zoneHome, 'truststore/cacerts.pem'), 'latin1');
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/gu) ?? [];
}

(hasTools ? describe : describe.skip)('a zone whose CA key is in SoftHSM2', () => {
  let world: SofthsmWorld;

  beforeAll(async () => {
    world = await initWorld();
    await sign(world, 'ssl', 'remint', '--ca', '--no-backup-check', '--yes');
  }, 120_000);

  test('every certificate verifies for clients with only the old and only the new root', () => {
    const both = roots(world);
    expect(both).toHaveLength(2);
    for (const root of both) opensslVerify(world, root);
  });

  test('the keys of both generations are in the token, and nothing of them anywhere else', () => {
    const shown = pkcs11Tool(world.environment, '--login', '--pin', PIN, '--list-objects');
    const hidden = shown.split('Private Key Object').slice(1);
    expect(hidden).toHaveLength(2);
    for (const object of hidden) {
      expect(object).toContain('Access:     sensitive, always sensitive, never extractable, local');
      expect(object).toMatch(/Usage: +sign\n/u);
    }
    const names = filesBelow(world.zoneHome).map((path) => path.split('/').at(-1));
    expect(names).not.toContain('key.enc');
    expect(names).not.toContain('ca.unlock');
  });

  test('ca show names the key without a PIN, and status and doctor find it', async () => {
    const shown = JSON.parse((await run(world, ['ca', 'show', '--json'])).out) as unknown;
    expect(shown).toMatchObject({
      custody: 'token',
      keyUri: expect.stringMatching(/^pkcs11:token=zmint;object=ca-g2;id=(?:%[0-9A-F]{2}){20};/u),
    });
    expect((await run(world, ['status'])).out).toContain('its key is in the token zmint');
    const doctor = await run(world, ['doctor']);
    expect(doctor.out).toContain('the key of CA generation 2 is in the token zmint');
    expect(doctor.status).toBe(0);
  });

  test('a remint of servers and another of the CA with the same key', async () => {
    await sign(world, 'ssl', 'retire', '--yes');
    await sign(world, 'ssl', 'remint', '--all', '--yes');
    await sign(world, 'ssl', 'remint', '--ca', '--no-backup-check', '--keep-key', '--yes');
    for (const root of roots(world)) opensslVerify(world, root);
    await sign(world, 'ssl', 'retire', '--yes');
  });

  test('I-20: the PIN is in no file of the zone and in nothing that was printed', () => {
    for (const path of filesBelow(world.zoneHome)) {
      expect([path, readFileSync(path).includes(PIN)]).toEqual([path, false]);
    }
    for (const { out, err } of world.runs) expect(`${out}${err}`).not.toContain(PIN);
  });

  test('I-21: a wrong PIN ends with 12 and changes nothing, and is tried once', async () => {
    const wrong = join(dirname(world.pinFile), 'wrong');
    writeFileSync(wrong, 'not-the-pin\n', { mode: 0o600 });
    const before = picture(join(world.zoneHome, 'servers'));
    const events = async (): Promise<string> => (await run(world, ['event', 'list', '--json'])).out;
    const known = await events();
    for (const words of [['--ca', '--no-backup-check'], ['web1']]) {
      const done = await run(world, ['ssl', 'remint', ...words, '--yes', '--pin-file', wrong]);
      expect([done.status, done.err]).toEqual([12, expect.stringContaining('the token zmint')]);
    }
    expect(await events()).toBe(known);
    expect(picture(join(world.zoneHome, 'servers'))).toEqual(before);
    await sign(world, 'ssl', 'remint', 'web1', '--yes');
  });

  test('nobody to ask for the PIN: 2, and nothing has changed', async () => {
    const done = await run(world, ['ssl', 'remint', 'web1', '--yes', '--json']);
    expect(done.status).toBe(2);
    expect(JSON.parse(done.out)).toMatchObject({ code: 'question-unanswered' });
  });

  test('without the token reads work, signing says what is missing, and what was minted goes on', async () => {
    const unplugged = softhsmFolder(temporaryFolder());
    for (const words of [['status'], ['ca', 'show'], ['ssl', 'list'], ['check']]) {
      const { status } = await run(world, words, unplugged);
      expect([words, status]).toEqual([words, 0]);
    }
    const refused = await run(
      world,
      [
        'server',
        'add',
        'x',
        '--dns',
        'x.example.com',
        '--yes',
        '--json',
        '--pin-file',
        world.pinFile,
      ],
      unplugged,
    );
    expect(refused.status).toBe(34);
    expect(JSON.parse(refused.out)).toMatchObject({
      code: 'token-unavailable',
      hint: expect.stringContaining('plug it in') as unknown,
    });
    expect((await run(world, ['doctor'], unplugged)).out).toContain('is not plugged in');
    await sign(world, 'ssl', 'remint', '--ca', '--no-backup-check', '--activate-at', '2h', '--yes');
    for (const words of ['activate --now', 'rollback', 'activate --now', 'retire']) {
      const done = await run(world, ['ssl', ...words.split(' '), '--yes'], unplugged);
      expect([words, done.status]).toEqual([words, 0]);
    }
    await sign(world, 'ssl', 'remint', '--ca', '--no-backup-check', '--activate-at', '2h', '--yes');
    expect((await run(world, ['ssl', 'cancel', '--yes'], unplugged)).status).toBe(0);
    const moved = await run(world, ['ca', 'move', 'web1', '--no-backup-check', '--yes'], unplugged);
    expect([moved.status, moved.out]).toEqual([0, expect.stringContaining('stays in its token')]);
    await sign(world, 'ssl', 'remint', 'web1', '--yes');
    const doctor = await run(world, ['doctor']);
    expect(doctor.out.replaceAll(/\s+/gu, ' ')).toContain(
      'was left behind by an operation that was cancelled',
    );
  }, 120_000);
});

(hasTools ? describe : describe.skip)('where the key of a CA comes from', () => {
  test('a key that is in the token already is used, and zmint says so', async () => {
    const world = makeWorld();
    const label = ['--label', 'ceremony', '--id', '01'];
    const pair = ['--keypairgen', '--key-type', 'EC:secp384r1', ...label, '--sensitive'];
    pkcs11Tool(world.environment, '--login', '--pin', PIN, ...pair, '--usage-sign');
    const words = ['init', '--name', 'Token', ...FIRST, '--key-uri', keyUri('ceremony')];
    const other = await run(world, [...words, '--pin-file', world.pinFile]);
    expect([other.status, other.err]).toEqual([21, expect.stringContaining('--key ec:P-384')]);
    const done = await sign(world, ...words, '--key', 'ec:P-384');
    expect(done.out).toContain('was in the token already, and is used as it is');
    opensslVerify(world, roots(world)[0] ?? '', ['ca1']);
  });

  test('a PIN in the URI is taken with a warning, and is out of the process list at once', async () => {
    const world = makeWorld();
    const uri = keyUri('ca', `&pin-value=${PIN}`);
    const seen = new Set<string>();
    const done = await zmint(
      ['init', '--name', 'Token', ...FIRST, '--key-uri', uri, '--zone', world.zoneHome],
      {
        environment: world.environment,
        started: (child) => {
          const look = (): void => {
            if (child.exitCode !== null) return;
            seen.add(commandLineOf(child.pid ?? 0));
            setTimeout(look, 2);
          };
          look();
        },
      },
    );
    expect([done.status, done.err]).toEqual([0, expect.stringContaining('pin-value')]);
    expect(done.out + done.err).not.toContain(PIN);
    expect([...seen]).toContain('zmint');
    const shown = await run(world, ['ca', 'show', '--json']);
    expect(shown.out).toMatch(/"keyUri":\s*"pkcs11:/u);
    for (const path of filesBelow(world.zoneHome))
      expect(readFileSync(path).includes(PIN)).toBe(false);
    expect(shown.out).not.toContain(PIN);
  });

  test('a zone with its key in a file goes on in a token, and finds the PIN where the URI says', async () => {
    const world = makeWorld();
    const passphrase = join(dirname(world.pinFile), 'passphrase');
    writeFileSync(passphrase, 'correct horse battery\n', { mode: 0o600 });
    const open = ['--passphrase-file', passphrase];
    await sign(world, 'init', '--name', 'Token', ...FIRST, ...open);
    await sign(world, 'server', 'add', 'web1', '--dns', 'web1.example.com', '--yes', ...open);
    const uri = keyUri('next', `&pin-source=file:${world.pinFile}`);
    const remint = [
      'ssl',
      'remint',
      '--ca',
      '--no-backup-check',
      '--key-uri',
      uri,
      '--yes',
      ...open,
    ];
    expect((await run(world, remint)).status).toBe(0);
    for (const root of roots(world)) opensslVerify(world, root);
    expect((await run(world, ['ssl', 'retire', '--yes'])).status).toBe(0);
    expect((await run(world, ['ssl', 'remint', '--all', '--yes'])).status).toBe(0);
    const again = [
      'ssl',
      'remint',
      '--ca',
      '--no-backup-check',
      '--key-uri',
      keyUri('next'),
      '--yes',
    ];
    const refused = await run(world, [...again, '--pin-file', world.pinFile]);
    expect([refused.status, refused.err]).toEqual([24, expect.stringContaining('--keep-key')]);
    expect((await run(world, ['ca', 'list'])).out).not.toContain('G3');
  }, 120_000);

  test('without the optional package the command to type is named, and all else works', async () => {
    const world = makeWorld();
    const folder = temporaryFolder();
    cpSync(dirname(buildProgram().zmint), join(folder, 'dist'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
    const bare = (...words: readonly string[]): Promise<TimedRun> =>
      zmint([...words, '--zone', world.zoneHome], {
        environment: world.environment,
        program: join(folder, 'dist/zmint.js'),
      });
    const token = ['--key-uri', keyUri('ca'), '--pin-file', world.pinFile];
    const refused = await bare('init', '--name', 'Token', ...FIRST, ...token);
    expect([refused.status, refused.err]).toEqual([34, expect.stringContaining('npm install')]);
    const made = await bare('init', '--name', 'Token', ...FIRST, '--no-passphrase');
    expect(made.status).toBe(0);
  });
});
