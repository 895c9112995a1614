import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createServices } from '../../../src/adapters/system/reload.js';
import { startNginx } from '../../support/nginx.js';
import { makeOpensslZone, pemFingerprint, putLive } from '../../support/openssl-zone.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { nodeOnce } from '../../support/tls-client.js';
import { requireTool } from '../../support/tools.js';
import { waitUntil } from '../../support/wait-until.js';

const services = createServices();
const whenNginx = requireTool('nginx') && requireTool('openssl') ? test : test.skip;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function pidIn(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

describe('the result of a reload command', () => {
  test.each([
    ['true', 0, ''],
    ['exit 3', 3, ''],
    ['echo out; echo err >&2', 0, 'out\nerr\n'],
    ['no-such-program-of-zmint', 127, 'not found'],
    ['kill -9 $$', null, ''],
    ['cat; echo end', 0, 'end\n'],
    ['pwd', 0, '/\n'],
    ['test -t 0 || (: </dev/tty) 2>/dev/null || echo no terminal', 0, 'no terminal\n'],
  ])('%s', async (command, exitCode, output) => {
    const result = await services.reload(command, 10);
    expect(result).toMatchObject({ exitCode, timedOut: false });
    for (const line of output.split('\n')) expect(result.output).toContain(line);
  });

  test('output is the last 4 KiB, of however much', async () => {
    const { output, exitCode } = await services.reload('seq 1 200000; echo the end', 20);
    expect(exitCode).toBe(0);
    expect(Buffer.byteLength(output)).toBe(4096);
    expect(output.endsWith('200000\nthe end\n')).toBe(true);
  });

  test('a character that the cap cuts is left out, other bytes are replaced', async () => {
    const cut = await services.reload(
      `printf 'x'; i=0; while [ $i -lt 2100 ]; do printf 'ä'; i=$((i+1)); done; printf y`,
      20,
    );
    expect(cut.output).toMatch(/^ä+y$/u);
    const broken = await services.reload(`printf '\\377ok'`, 5);
    expect(broken.output).toBe('\ufffdok');
  });

  test('a command that no shell can be given is a result', async () => {
    const result = await services.reload('echo a\0b', 5);
    expect(result).toMatchObject({ exitCode: null, timedOut: false });
    expect(result.output).toBe('the shell could not be started: ERR_INVALID_ARG_VALUE');
  });

  test('the environment holds no secret and has the folders of administrators', async () => {
    const own = createServices({
      ...{ PATH: '/usr/bin:relative', HOME: '/home/anna', USER: 'anna', LANG: 'C' },
      ...{ CREDENTIALS_DIRECTORY: '/run/credentials/x', ZMINT_PASSPHRASE: 'hunter2' },
      ...{ NODE_OPTIONS: '--inspect', LD_PRELOAD: '/tmp/x.so', SSH_AUTH_SOCK: '/tmp/agent' },
    });
    const { output } = await own.reload('env', 5);
    expect(output).toContain('HOME=/home/anna\n');
    expect(output).toContain('PATH=/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin\n');
    expect(output).not.toMatch(/hunter2|credentials|inspect|LD_PRELOAD|agent|relative/u);
  });
});

describe('the time limit', () => {
  test('ends the command with its grandchildren', async () => {
    const file = join(temporaryFolder(), 'pid');
    const before = performance.now();
    const result = await services.reload(
      `echo begun; sh -c 'sleep 300 & echo $! > ${file}; wait' & wait`,
      0.5,
    );
    expect(result).toEqual({ exitCode: null, timedOut: true, output: 'begun\n' });
    expect(performance.now() - before).toBeLessThan(100_000);
    await waitUntil('the grandchild to end', () => !alive(pidIn(file)));
  });

  test('kills what does not listen', async () => {
    const file = join(temporaryFolder(), 'pid');
    const result = await services.reload(
      `trap '' TERM; sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 1; done' & wait; sleep 300`,
      0.5,
    );
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await waitUntil('the deaf child to end', () => !alive(pidIn(file)));
  });

  test('also counts for a shell that ends well when asked to', async () => {
    const result = await services.reload(`trap 'exit 0' TERM; while :; do sleep 0.1; done`, 0.3);
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
  });

  test('a flood of output ends at the limit', async () => {
    const result = await services.reload('yes', 0.3);
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    expect(Buffer.byteLength(result.output)).toBe(4096);
  });
});

describe('a command that leaves a daemon behind', () => {
  test.each([
    ['in its own group', 'sleep 300 &'],
    ['in another session', 'setsid sleep 300 &'],
  ])('%s, holding the output open, is done when the shell is', async (_where, daemon) => {
    const file = join(temporaryFolder(), 'pid');
    const before = performance.now();
    const result = await services.reload(`${daemon} echo $! > ${file}; echo started`, 30);
    expect(result).toEqual({ exitCode: 0, timedOut: false, output: 'started\n' });
    expect(performance.now() - before).toBeLessThan(25_000);
    expect(alive(pidIn(file))).toBe(true);
    process.kill(pidIn(file), 'SIGKILL');
  });

  test('and the daemon may go on writing', async () => {
    const mark = join(temporaryFolder(), 'mark');
    const result = await services.reload(
      `(sleep 0.6; echo late; echo alive > ${mark}) & echo up`,
      30,
    );
    expect(result.output).toBe('up\n');
    await waitUntil('the daemon to write', () => existsSync(mark));
  });
});

describe('a real nginx', () => {
  whenNginx('reads its files again', async () => {
    const zone = makeOpensslZone();
    const name = 'web1.zone.test';
    const first = zone.leaf('old', name);
    const second = zone.leaf('new', name);
    const home = temporaryFolder();
    const nginx = await startNginx({ live: putLive(home, first.key, [first.pem]) });
    putLive(home, second.key, [second.pem, zone.newWithOld]);
    const result = await services.reload(nginx.reloadCommand, 10);
    expect(result).toEqual({ exitCode: 0, timedOut: false, output: '' });
    const attempt = { root: zone.oldRoot, target: nginx.target, serverName: name };
    const expected = pemFingerprint(second.pem);
    await waitUntil('nginx to serve the second', async () => {
      return (await nodeOnce({ ...attempt, expect: expected })).ok;
    });
    await nginx.stop();
  });
});
