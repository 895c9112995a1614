import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildProgram, programEnvironment } from '../support/built-program.js';
import { openKeyFile } from '../support/ca-role.js';
import { zmint, type TimedRun } from '../support/run-program.js';
import {
  keyCanary,
  keyIn,
  secretsBelow,
  secretsIn,
  seenOfProcess,
  textCanary,
  type Canary,
} from '../support/secret-hunter.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CA_PASSPHRASE = 'canary-ca Zürich 4f9c21';
const WRONG_PASSPHRASE = 'canary-wrong 77ab0e';
const ADMIN_PASSWORD = 'canary-admin 0c55d2';
const BACKUP_PASSPHRASE = 'canary-backup 61d0fe';
const P12_PASSPHRASE = 'canary-p12 e1e2a7';
const LIMIT = 300_000;

const texts: readonly Canary[] = [
  textCanary('CA passphrase', CA_PASSPHRASE),
  textCanary('wrong passphrase', WRONG_PASSPHRASE),
  textCanary('administrator’s password', ADMIN_PASSWORD),
  textCanary('PKCS#12 passphrase', P12_PASSPHRASE),
  textCanary('backup passphrase', BACKUP_PASSPHRASE),
];

interface Scene {
  readonly root: string;
  readonly zoneHome: string;
  /** The only folder in which passphrases lie. */
  readonly secrets: string;
  readonly outside: string;
  readonly runs: { readonly line: string; readonly run: TimedRun; readonly seen: Buffer }[];
}

let scene: Scene;

/** Runs a line and samples what others see of the process meanwhile. */
async function run(line: string, more: { readonly input?: string } = {}): Promise<TimedRun> {
  const samples: Buffer[] = [];
  let watch: NodeJS.Timeout | undefined;
  const result = await zmint(['--zone', scene.zoneHome, ...line.split(' ')], {
    ...more,
    cwd: join(scene.root, 'work'),
    environment: {
      HOME: join(scene.root, 'home'),
      XDG_STATE_HOME: join(scene.root, 'state'),
      TMPDIR: join(scene.root, 'tmp'),
    },
    started: (child) => {
      watch = setInterval(() => samples.push(seenOfProcess(child.pid ?? 0)), 5);
    },
  });
  clearInterval(watch);
  scene.runs.push({ line, run: result, seen: Buffer.concat(samples) });
  return result;
}

async function good(line: string, more: { readonly input?: string } = {}): Promise<void> {
  const { status, err } = await run(line, more);
  expect([line, status, err]).toEqual([line, 0, err]);
}

beforeAll(async () => {
  const root = temporaryFolder();
  for (const name of ['work', 'home', 'state', 'tmp', 'secrets', 'outside', 'work/issued'])
    mkdirSync(join(root, name), { mode: 0o700 });
  const secrets = join(root, 'secrets');
  scene = { root, zoneHome: join(root, 'zone'), secrets, outside: join(root, 'outside'), runs: [] };
  const secret = (name: string, text: string): string => {
    writeFileSync(join(secrets, name), `${text}\n`, { mode: 0o600 });
    return join(secrets, name);
  };
  const ca = secret('ca', CA_PASSPHRASE);
  const wrong = secret('wrong', WRONG_PASSPHRASE);
  const admin = secret('admin', ADMIN_PASSWORD);
  const p12 = secret('p12', P12_PASSPHRASE);
  const backup = secret('backup', BACKUP_PASSPHRASE);
  const unlock = `--passphrase-file ${ca}`;
  const box = `--passphrase-file ${backup}`;

  await good(`init --name Hunt --server ca1 --dns ca1.example.com ${unlock} --yes`);
  await good(`server add web1 --dns web1.example.com --home ${scene.outside}/web1 ${unlock} --yes`);
  await good('ssl remint --all --yes --verbose --passphrase-fd 0', { input: `${CA_PASSPHRASE}\n` });
  await good(`ssl remint --ca --activate-at 14d --no-backup-check ${unlock} --yes --json`);
  await good(`ca move web1 --no-backup-check ${unlock} --yes --verbose`);
  await good(`admin add anna --privilege admin --password-file ${admin} --yes`);
  await good('admin passwd anna --password-fd 0 --yes --json', { input: `${ADMIN_PASSWORD}\n` });
  await good('admin list --json');
  await good(
    `ca issue --name anna --p12 --out issued --out-passphrase-file ${p12} ${unlock} --yes`,
  );
  await good(`ca crl ${unlock} --yes`);
  const { out } = await run('ca list --issued --json');
  const [sha256] = /[\da-f]{64}/u.exec(out) ?? [];
  await good(`ca revoke ${sha256 ?? ''} --reason superseded ${unlock} --yes --verbose --json`);
  await good(`ca backup zone.age ${box} --ca-passphrase-file ${ca} --yes --verbose`);
  await good(`ca backup verify zone.age ${box} --ca-passphrase-file ${ca} --json`);
  cutInHalf(join(root, 'work'), 'zone.age', 'cut.age');
  const restore = `ca restore zone.age --server web1 ${box} --ca-passphrase-file ${ca} --yes --verbose`;
  await good(`${restore} --json`);
  await good('doctor --json');
  await good('event list --json --limit 100');

  const failing = [
    `ca move ca1 --no-backup-check --passphrase-file ${wrong} --yes --verbose`,
    `ssl remint --all --passphrase-file ${wrong} --yes --verbose --json`,
    `admin add bert --password-file ${join(secrets, 'none')} --yes --verbose`,
    `admin add anna --password-file ${admin} --yes --verbose`,
    `cert inspect issued/anna.p12 --passphrase-file ${wrong} --verbose`,
    `ca move ca1 --no-backup-check --passphrase-file ${ca} --verbose`,
    `ca backup verify zone.age --passphrase-file ${wrong} --ca-passphrase-file ${ca} --verbose`,
    `ca backup verify cut.age ${box} --ca-passphrase-file ${ca} --verbose --json`,
    `ca backup other.age ${box} --ca-passphrase-file ${wrong} --yes --verbose`,
    `ca restore cut.age --server ca1 ${box} --yes --verbose`,
    `ca restore zone.age --server ca1 --passphrase-file ${wrong} --yes --verbose`,
  ];
  for (const line of failing) expect([line, (await run(line)).status]).not.toEqual([line, 0]);
}, LIMIT);

function cutInHalf(folder: string, name: string, cut: string): void {
  const whole = readFileSync(join(folder, name));
  writeFileSync(join(folder, cut), whole.subarray(0, whole.length / 2), { mode: 0o600 });
}

/** The keys that the zone has by now. */
function keys(): readonly Canary[] {
  const { zoneHome, outside } = scene;
  const authorities = join(outside, 'web1/certificate-authority');
  const own = readdirSync(authorities).map((number) => {
    const file = join(authorities, number, 'key.enc');
    return keyCanary(`key of CA ${number}`, openKeyFile(file, zoneHome, CA_PASSPHRASE));
  });
  const servers = [join(zoneHome, 'servers/ca1'), join(outside, 'web1')].flatMap((home) => {
    const sets = join(home, 'security/generations');
    return readdirSync(sets).map((number) =>
      keyCanary(`key of ${home}`, keyIn(join(sets, number, 'key.der'))),
    );
  });
  expect([own.length, servers.length >= 4]).toEqual([2, true]);
  return [...own, ...servers];
}

/** Zones that a restore has set aside. */
function setAside(): readonly string[] {
  const { root, zoneHome } = scene;
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => path.startsWith(`${zoneHome}.before-restore-`));
}

/** The places that are there for a secret: passphrases in their folder, keys of servers in sets and repos. */
function isOwn(path: string, canary: string): boolean {
  if (path.startsWith(`${scene.secrets}/`)) return !canary.startsWith('key of');
  const home = /^key of (?<home>\/.*)$/u.exec(canary)?.groups?.home;
  if (home === undefined) return false;
  const now = setAside().find((aside) => path.startsWith(`${aside}/`));
  const then = now === undefined ? path : `${scene.zoneHome}${path.slice(now.length)}`;
  const rest = then.startsWith(`${home}/`) ? then.slice(home.length) : '';
  return /^\/(?:security\/generations\/\d+\/key\.(?:pem|der)|remint-repo\/key\.der)$/u.test(rest);
}

describe('secrets stay in their places (I-20)', () => {
  test('in all files of the zone, of homes, of temporary folders and of the user', () => {
    expect(secretsBelow([...texts, ...keys()], [scene.root], isOwn)).toEqual([]);
    // The zone from before the restore was looked through as well.
    expect(setAside()).toHaveLength(1);
  });

  test('in what was printed, and in process lists while the program ran', () => {
    const all = [...texts, ...keys()];
    const found = scene.runs.flatMap(({ line, run: { out, err }, seen }) => [
      ...secretsIn(all, Buffer.from(`${out}\n${err}`)).map((name) => `${line}: ${name}`),
      ...secretsIn(all, seen).map((name) => `/proc of ${line}: ${name}`),
    ]);
    expect(found).toEqual([]);
    for (const { seen } of scene.runs) expect(seen.includes('TMPDIR=')).toBe(true);
  });

  test('also when the key file is cut', async () => {
    const file = join(scene.outside, 'web1/certificate-authority/1/key.enc');
    const whole = readFileSync(file);
    const all = [...texts, ...keys()];
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const unlock = `--passphrase-file ${join(scene.secrets, 'ca')}`;
    const cut = await run(`ca move ca1 --no-backup-check ${unlock} --yes --verbose`);
    writeFileSync(file, whole);
    expect(cut.status).toBe(19);
    expect(secretsIn(all, Buffer.from(cut.out + cut.err))).toEqual([]);
    expect(secretsBelow(all, [scene.root], isOwn)).toEqual([]);
  });
});

describe('the hunter finds', () => {
  test('a secret that was planted, in each of its forms', () => {
    const [key] = keys();
    const folder = temporaryFolder();
    for (const canary of [...texts, ...(key === undefined ? [] : [key])]) {
      expect(canary.forms.length).toBeGreaterThan(4);
      for (const form of canary.forms) {
        writeFileSync(join(folder, 'planted'), Buffer.concat([Buffer.from('..'), form]));
        const found = secretsBelow([canary], [folder], () => false);
        expect(found).toEqual([`${join(folder, 'planted')}: ${canary.name}`]);
      }
    }
  });

  test('one that is in an argument, as nobody should type it', async () => {
    const line = `cert inspect ${ADMIN_PASSWORD.replaceAll(' ', '_')}`;
    await run(line);
    const typed = textCanary('typed', ADMIN_PASSWORD.replaceAll(' ', '_'));
    expect(secretsIn([typed], scene.runs.at(-1)?.seen ?? Buffer.alloc(0))).toEqual(['typed']);
  });
});

/** Whether a crash leaves a core file in the working folder here. */
const CORES = ((): boolean => {
  const pattern = existsSync('/proc/sys/kernel/core_pattern')
    ? readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()
    : '|';
  const limit = spawnSync('sh', ['-c', 'ulimit -c unlimited'], { stdio: 'ignore' });
  const here = !pattern.includes('/') && !pattern.startsWith('|') && limit.status === 0;
  if (!here) process.stderr.write('core files do not lie in the working folder: not looked at\n');
  return here;
})();

(CORES ? describe : describe.skip)('core files', () => {
  /** Sends SIGABRT while the passphrase is in memory; the bytes of the core file. */
  function coreOf(script: string, words: readonly string[]): Buffer {
    const folder = temporaryFolder();
    // A process inherits the filter, and zmint may have run inside this very test process.
    const usual = 'ulimit -c unlimited; echo 0x33 >/proc/self/coredump_filter';
    spawnSync('bash', ['-c', `${usual}; ${script}`, 'bash', ...words], {
      cwd: folder,
      env: programEnvironment(),
      stdio: 'ignore',
      timeout: 60_000,
    });
    const name = readdirSync(folder).find((one) => one.startsWith('core'));
    return name === undefined ? Buffer.alloc(0) : readFileSync(join(folder, name));
  }

  test(
    'hold no secret of zmint, and would without its filter',
    () => {
      const { zmint: program } = buildProgram();
      const file = join(scene.secrets, 'ca');
      const words = ['ca', 'crl', '--yes', '--passphrase-fd', '3'];
      const kill = '"$@" & pid=$!; while ! grep -qz . /proc/$pid/cmdline; do :; done';
      const after =
        'while kill -0 $pid && [ ! -e ready ]; do sleep 0.02; done; kill -ABRT $pid; wait $pid';
      // The pipe stays open, so that the program holds what it has read and waits for the end.
      const fed = `mkfifo fed; exec 3<>fed; printf %s "$(cat '${file}')" >&3`;
      const filtered = '[ "$(cat /proc/$pid/coredump_filter)" = 00000000 ]';
      const own = coreOf(
        `${fed}; ${kill}; while kill -0 $pid && ! ${filtered}; do sleep 0.02; done; sleep 0.3; kill -ABRT $pid; wait $pid`,
        [process.execPath, program, '--zone', scene.zoneHome, ...words],
      );
      const held = `const fs = require('node:fs'); globalThis.held = fs.readFileSync(${JSON.stringify(file)}); fs.writeFileSync('ready', ''); setTimeout(() => 0, 60000)`;
      const bare = coreOf(`${kill}; ${after}`, [process.execPath, '-e', held]);
      const canary = texts.slice(0, 1);
      expect(own.length).toBeGreaterThan(1000);
      expect(secretsIn(canary, own)).toEqual([]);
      expect(secretsIn(canary, bare)).toEqual(['CA passphrase']);
    },
    LIMIT,
  );
});
