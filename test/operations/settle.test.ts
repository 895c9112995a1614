import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { OperationContext } from '../../src/ports/context.js';
import { freePort } from '../support/free-port.js';
import { startNodeTlsProcess, type NodeTlsProcess } from '../support/node-tls-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

let server: NodeTlsProcess | undefined;

afterEach(async () => {
  await server?.stop();
});

interface Sleep {
  readonly seconds: number;
  readonly roots: number;
}

function rootsOf(world: TestWorld): number {
  const bundle = readFileSync(join(world.zoneHome, 'truststore/cacerts.pem'), 'latin1');
  return bundle.split('BEGIN CERTIFICATE').length - 1;
}

/** Each rest that is taken, and how many roots were published then. */
function watched(ctx: OperationContext, world: TestWorld): [OperationContext, Sleep[]] {
  const sleeps: Sleep[] = [];
  const sleep = (seconds: number): Promise<void> => {
    sleeps.push({ seconds, roots: rootsOf(world) });
    return ctx.clock.sleep(seconds);
  };
  return [{ ...ctx, clock: { ...ctx.clock, sleep } }, sleeps];
}

test('servers that were seen get a second before the new root is published', async () => {
  const world: TestWorld = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  const port = await freePort();
  const pidFile = join(temporaryFolder(), 'pid');
  const reload = `kill -HUP "$(cat ${pidFile})"`;
  await makeTestZone(world, [], 'ec:P-256', { probe: `127.0.0.1:${port}`, reload });
  const live = join(world.zoneHome, 'servers/ca1/security/live');
  server = await startNodeTlsProcess({ live, port });
  writeFileSync(pidFile, String(server.pid));
  const [ctx, sleeps] = watched(await openTestZone(world), world);
  const report = await remint(ctx, { ca: true });
  expect(report.operation.phase).toBe('active');
  expect(report.members.shown[0]?.part.evidence).toBe('handshake');
  expect(sleeps).toContainEqual({ seconds: 1, roots: 1 });
  expect(rootsOf(world)).toBe(2);
  ctx.store.close();
});

test('where no server is looked at, nothing is waited for', async () => {
  const world: TestWorld = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(world);
  const [ctx, sleeps] = watched(await openTestZone(world), world);
  await remint(ctx, { ca: true });
  expect(sleeps).toEqual([]);
  ctx.store.close();
});
