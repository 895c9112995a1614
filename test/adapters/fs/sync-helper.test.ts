import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startSyncHelper } from '../../../src/adapters/fs/sync-helper.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

function fakeSync(text: string): string {
  const program = join(temporaryFolder(), 'sync');
  writeFileSync(program, `#!/bin/sh\n${text}\n`);
  chmodSync(program, 0o700);
  return program;
}

test('answers in order, with the status and all that was said', async () => {
  const helper = startSyncHelper(
    fakeSync('printf "%s\\n" "said of $2"; echo twice >&2; exit ${#2}'),
  );
  const asked = ['/a', '/b c\'d"', '/e\\n$(exit 9)`%s'].map((place) => ({
    place,
  }));
  const answers = await Promise.all(asked.map(({ place }) => helper.sync(place)));
  expect(answers).toEqual(
    asked.map(({ place }) => ({
      status: place.length,
      said: `said of ${place}\ntwice`,
    })),
  );
  expect(helper.hasEnded()).toBe(false);
});

test('a program that is not there is status 127', async () => {
  const { status, said } = await startSyncHelper('/no/such/sync').sync('/');
  expect(status).toBe(127);
  expect(said).toContain('/no/such/sync');
});

test('the signals of a terminal end neither it nor the program', async () => {
  const pids = join(temporaryFolder(), 'pids');
  const program = fakeSync(`echo $PPID $$ >'${pids}'; sleep 0.3`);
  const helper = startSyncHelper(program);
  const answer = helper.sync('/');
  while (!existsSync(pids) || readFileSync(pids).length === 0) await sleep(10);
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'])
      process.kill(Number(pid), signal);
  }
  await expect(answer).resolves.toEqual({ status: 0, said: '' });
  await expect(helper.sync('/')).resolves.toMatchObject({ status: 0 });
});

/** The shell of the helper above the process that it has started. */
function helperAbove(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const above = Number(/^PPid:\s+(\d+)$/mu.exec(status)?.[1]);
  if (above <= 1) throw new Error(`process ${pid} is not below this one`);
  return above === process.pid ? pid : helperAbove(above);
}

test('when it is killed nothing is known of the sync: an error, and it is not asked again', async () => {
  const own = join(temporaryFolder(), 'pid');
  const helper = startSyncHelper(
    fakeSync(`echo $$ >'${own}.new'; mv '${own}.new' '${own}'; sleep 1`),
  );
  const answer = helper.sync('/');
  while (!existsSync(own)) await sleep(10);
  process.kill(helperAbove(Number(readFileSync(own, 'utf8'))), 'SIGKILL');
  await expect(answer).rejects.toThrow('ended (SIGKILL)');
  expect(helper.hasEnded()).toBe(true);
  await expect(helper.sync('/')).rejects.toThrow('has ended');
});

test('when it is not asked for a while it ends, but not while it works', async () => {
  const helper = startSyncHelper(fakeSync('sleep 0.3'), 100);
  const [first, second] = [helper.sync('/'), helper.sync('/')];
  await expect(first).resolves.toEqual({ status: 0, said: '' });
  await expect(second).resolves.toEqual({ status: 0, said: '' });
  expect(helper.hasEnded()).toBe(false);
  await waitUntil('the helper to end', () => helper.hasEnded());
  await expect(helper.sync('/')).rejects.toThrow('has ended');
});
