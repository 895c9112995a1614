import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createZone, openZone, openZoneForWriting } from '../../bin/zone-access.js';
import type { ZoneRequest } from '../../commands/cli/surroundings.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let request: ZoneRequest;

beforeEach(() => {
  request = {
    zoneHome: join(temporaryFolder(), 'zone'),
    command: 'init',
    progress: { report: () => undefined },
    passphrase: {
      fd: undefined,
      file: undefined,
      ask: () => Promise.reject(new Error('nobody is asked here')),
    },
    pin: {
      fd: undefined,
      file: undefined,
      ask: () => Promise.reject(new Error('nobody is asked here')),
    },
  };
});

const zone = {
  id: '6f0a0f0e-5b0a-4c0e-8f57-0d9a0f9f4b11',
  name: 'Example',
  createdAt: 1_795_238_779,
  custody: 'no-passphrase',
  keySpec: 'ec:P-256',
  caMemberId: null,
} as const;
const entry = {
  at: zone.createdAt,
  actor: 'test',
  what: 'zone-created',
  operationId: null,
  details: {},
};

async function makeZone(): Promise<void> {
  const { context, close } = await createZone(request);
  await context.store.commit(entry, [{ type: 'put-zone', zone }]);
  close();
}

describe('the ways into a zone', () => {
  test('without a zone there is none to open', async () => {
    await expect(openZone(request)).rejects.toMatchObject({ code: 'no-zone' });
    await expect(openZoneForWriting(request)).rejects.toMatchObject({ code: 'no-zone' });
    await expect(Promise.resolve().then(() => statSync(request.zoneHome))).rejects.toThrow(
      'ENOENT',
    );
  });

  test('a zone that was made is read and written by real adapters', async () => {
    await makeZone();
    const reader = await openZone(request);
    expect(await reader.context.store.zone()).toEqual(zone);
    const writer = await openZoneForWriting({ ...request, command: 'server add' });
    expect(writer.context.random.bytes(16)).toHaveLength(16);
    expect(await writer.context.services.reload('exit 3', 5)).toMatchObject({ exitCode: 3 });
    expect(await writer.context.vault.list(join(request.zoneHome, 'servers/web1'))).toEqual([]);
    await expect(writer.context.network.look('127.0.0.1:1', 'x.test', 2)).rejects.toMatchObject({
      code: 'unreachable',
    });
    writer.close();
    reader.close();
    expect(statSync(request.zoneHome).mode & 0o777).toBe(0o700);
  });

  test('a second zone in the same home, and a second writer, are refused', async () => {
    await makeZone();
    await expect(createZone(request)).rejects.toMatchObject({ code: 'zone-exists' });
    const first = await openZoneForWriting({ ...request, command: 'ssl remint' });
    await expect(openZoneForWriting(request)).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('ssl remint'),
    });
    const reader = await openZone(request);
    expect(await reader.context.store.zone()).toEqual(zone);
    reader.close();
    first.close();
  });

  test('a zone home that others can write to is not opened', async () => {
    await makeZone();
    chmodSync(request.zoneHome, 0o777);
    await expect(openZone(request)).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(openZoneForWriting(request)).rejects.toMatchObject({ code: 'unsafe-path' });
  });
});
