import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { executeActivation, planActivation } from '../../src/operations/activate-servers.js';
import { executeSet, planSet } from '../../src/operations/change-members.js';
import { verifyServers } from '../../src/operations/verify-servers.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY } from '../../src/zone/instant.js';
import { freePort } from '../support/free-port.js';
import { startNodeTlsServer, type NodeTlsServer } from '../support/node-tls-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const running: NodeTlsServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

function liveOf(at: TestWorld, name: string): string {
  return join(at.zoneHome, 'servers', name, 'security/live');
}

/** A zone whose web1 is served by node:https, and web2 by nobody. */
async function servedZone(): Promise<{
  at: TestWorld;
  ctx: OperationContext;
  web1: NodeTlsServer;
}> {
  const at = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  const port = await freePort();
  await makeTestZone(at, [
    { name: 'web1', dnsName: 'web1.example.com', probe: `127.0.0.1:${port}` },
    { name: 'web2', dnsName: 'web2.example.com' },
  ]);
  const web1 = await startNodeTlsServer({ live: liveOf(at, 'web1'), port });
  running.push(web1);
  return { at, ctx: await openTestZone(at), web1 };
}

async function faultsOf(
  ctx: OperationContext,
  name: string,
  now: number,
): Promise<readonly string[]> {
  const [verdict] = await verifyServers(ctx, [name], now);
  return verdict?.problems.map(({ fault }) => fault) ?? ['no verdict'];
}

describe('verifying servers', () => {
  test('looks at those with a probe and reads the files of the others', async () => {
    const { ctx } = await servedZone();
    const verdicts = await verifyServers(ctx, [], NOON);
    expect(verdicts.map(({ member, seen, problems }) => [member.name, seen, problems])).toEqual([
      ['ca1', 'files', []],
      ['web1', 'handshake', []],
      ['web2', 'files', []],
    ]);
    expect(verdicts[1]).toMatchObject({ protocol: 'TLSv1.3', clients: ['clients of the zone'] });
    expect(verdicts[1]?.served).toEqual([verdicts[1]?.expected]);
    ctx.store.close();
  });

  test('expired, and unreachable', async () => {
    const { at, ctx, web1 } = await servedZone();
    expect(await faultsOf(ctx, 'web1', NOON + 400 * DAY)).toEqual(['expired']);
    at.now = NOON;
    await web1.stop();
    running.splice(0);
    expect(await faultsOf(ctx, 'web1', NOON)).toEqual(['unreachable']);
    ctx.store.close();
  });

  test('a server that did not read its new files, and one that serves a stranger', async () => {
    const { at, ctx } = await servedZone();
    const live = liveOf(at, 'web1');
    const before = await executeSet(ctx, await planSet(ctx, 'web1', { probe: '' }, NOON)).then(() =>
      readFileSync(join(live, 'server.cer'), 'latin1'),
    );
    await remint(ctx, { servers: ['web1'], activateAt: { when: 'now' } });
    const target = running[0]?.target ?? '';
    await executeSet(ctx, await planSet(ctx, 'web1', { probe: target }, NOON));
    expect(readFileSync(join(live, 'server.cer'), 'latin1')).not.toBe(before);
    const [stale] = await verifyServers(ctx, ['web1'], NOON);
    expect(stale?.problems).toMatchObject([
      {
        fault: 'wrong-certificate',
        code: 'served-differs',
        message: 'web1 shows the previous certificate of web1, not its current one',
      },
    ]);
    running[0]?.reload();
    expect(await faultsOf(ctx, 'web1', NOON)).toEqual([]);
    await executeSet(ctx, await planSet(ctx, 'web2', { probe: target }, NOON));
    const faults = await faultsOf(ctx, 'web2', NOON);
    expect(faults).toEqual(['wrong-certificate', 'name-mismatch']);
    ctx.store.close();
  });

  test('during a CA remint both roots are tried, and a missing cross-certificate is named', async () => {
    const { at, ctx, web1 } = await servedZone();
    await executeSet(ctx, await planSet(ctx, 'web1', { probe: '' }, NOON));
    const probed = async (): Promise<void> => {
      await executeSet(ctx, await planSet(ctx, 'web1', { probe: web1.target }, NOON));
    };
    await remint(ctx, { ca: true, activateAt: { when: 'at', instant: NOON + DAY } });
    await probed();
    const both = ['clients with only the old root', 'clients with only the new root'];
    // The server has not read the staged set: it sends no OldWithNew.
    const [unread] = await verifyServers(ctx, ['web1'], NOON);
    expect(unread).toMatchObject({ clients: both });
    expect(unread?.problems.map(({ fault }) => fault)).toEqual(['cross-certificate-missing']);
    expect(unread?.problems[0]?.message).toContain('clients with only the new root refuse web1');
    web1.reload();
    expect(await faultsOf(ctx, 'web1', NOON)).toEqual([]);
    await executeSet(ctx, await planSet(ctx, 'web1', { probe: '' }, NOON));
    const request = { members: [], atOnce: true };
    await executeActivation(ctx, await planActivation(ctx, request, NOON));
    await probed();
    // Still the old certificate with OldWithNew: right for both, but not the current one.
    expect(await faultsOf(ctx, 'web1', NOON)).toEqual(['wrong-certificate']);
    web1.reload();
    expect(await faultsOf(ctx, 'web1', NOON)).toEqual([]);
    const cer = join(liveOf(at, 'web1'), 'server.cer');
    const [leaf = ''] = readFileSync(cer, 'latin1').split(/(?<=-----END CERTIFICATE-----\n)/u);
    writeFileSync(cer, leaf);
    web1.reload();
    const [verdict] = await verifyServers(ctx, ['web1'], NOON);
    expect(verdict?.problems.map(({ fault }) => fault)).toEqual([
      'cross-certificate-missing',
      'set-damaged',
    ]);
    expect(verdict?.problems[0]?.message).toContain('clients with only the old root refuse web1');
    ctx.store.close();
  });

  test('files that were tampered with are told, with the command that mends them', async () => {
    const { at, ctx } = await servedZone();
    const own = join(liveOf(at, 'web2'), 'key.der');
    writeFileSync(own, readFileSync(join(liveOf(at, 'ca1'), 'key.der')));
    const [verdict] = await verifyServers(ctx, ['web2'], NOON);
    expect(verdict?.problems).toMatchObject([
      { fault: 'key-mismatch', code: 'key-mismatch', mend: 'zmint ssl remint web2' },
    ]);
    ctx.store.close();
  });

  test('an unknown server is an error', async () => {
    const { ctx } = await servedZone();
    await expect(verifyServers(ctx, ['web9'], NOON)).rejects.toMatchObject({
      code: 'unknown-member',
    });
    ctx.store.close();
  });
});
