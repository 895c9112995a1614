import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { createServices } from '../../src/adapters/system/reload.js';
import { freePort } from '../support/free-port.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const COUNT = 200;
const AWAY = 'web7';

const open = new Set<TLSSocket>();
let server: Server | undefined;

afterEach(() => {
  for (const socket of open) socket.destroy();
  server?.close();
});

/** One TLS server for all names, each with what its `live` holds at the handshake; one name stays as it was. */
async function serveAll(zoneHome: string, port: number): Promise<void> {
  const context = (name: string) => {
    const security = join(zoneHome, 'servers', name.split('.')[0] ?? '', 'security');
    const set = join(security, name.startsWith(`${AWAY}.`) ? 'generations/1' : 'live');
    return createSecureContext({
      cert: readFileSync(join(set, 'server.cer')),
      key: readFileSync(join(set, 'key.pem')),
    });
  };
  server = createServer({
    SNICallback: (name, done) => {
      done(null, context(name));
    },
  });
  server.on('secureConnection', (socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
}

test('hundreds of servers are looked at in waves, their shared command runs once for each', async () => {
  const world: TestWorld = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  const probe = `127.0.0.1:${await freePort()}`;
  const servers = Array.from({ length: COUNT }, (_, index) => ({
    name: `web${index + 1}`,
    dnsName: `web${index + 1}.example.com`,
    reload: 'true',
    probe,
  }));
  await makeTestZone(world, servers);
  await serveAll(world.zoneHome, Number(probe.split(':')[1]));
  const commands: string[] = [];
  const services = createServices({});
  const ctx = await openTestZone({
    ...world,
    services: {
      reload: (command, limit) => {
        commands.push(command);
        return services.reload(command, limit);
      },
    },
  });
  const { operation } = await remint(ctx, { all: true });
  const parts = await ctx.store.operationMembers(operation.id);
  expect(parts.filter((part) => part.evidence === 'handshake')).toHaveLength(COUNT - 1);
  const failed = parts.filter((part) => part.problem !== null);
  expect(failed.map((part) => part.problem?.code)).toEqual(['served-differs']);
  expect(failed[0]?.problem?.message).toContain('the set from before is live again');
  const events = await ctx.store.events(0, 1000);
  const waves = events.filter(({ what }) => what === 'servers-activated').length;
  expect(waves).toBeLessThan(COUNT / 10);
  // One less for the CA server, which has no command; one more for the server that was put back.
  expect(commands).toHaveLength(waves);
  ctx.store.close();
}, 120_000);
