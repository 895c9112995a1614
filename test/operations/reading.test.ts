import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { executeAdd, planAdd } from '../../src/operations/add-members.js';
import { exportAuthority } from '../../src/operations/export-authority.js';
import { listAuthorities, showAuthority } from '../../src/operations/list-authorities.js';
import { listServerCertificates } from '../../src/operations/list-certificates.js';
import { listEvents } from '../../src/operations/list-events.js';
import {
  listDevices,
  listServers,
  showDevice,
  showServer,
} from '../../src/operations/list-members.js';
import { runBounded } from '../../src/operations/run-bounded.js';
import { showServerCertificate } from '../../src/operations/show-server-certificate.js';
import { verifyEventLog } from '../../src/operations/verify-event-log.js';
import type { OperationContext } from '../../src/ports/context.js';
import { DAY } from '../../src/zone/instant.js';
import { gather } from '../support/gather.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const EVERYTHING = { now: NOON, depth: 'all' } as const;

let at: TestWorld;
let ctx: OperationContext;

beforeAll(async () => {
  at = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON };
  await makeTestZone(at, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  ctx = await openTestZone(at);
  const members = [{ name: 'pc7', kind: 'workstation' }];
  await executeAdd(ctx, await planAdd(ctx, { members, mint: true }, NOON));
  await remint(ctx, { ca: true, activateAt: { when: 'at', instant: NOON + DAY } });
});

describe('the CA', () => {
  test('is listed with all generations', async () => {
    const rows = await listAuthorities(ctx, NOON);
    expect(rows.map(({ authority, server }) => [authority.state, server?.name])).toEqual([
      ['active', 'ca1'],
      ['future', 'ca1'],
    ]);
  });

  test('is shown with the digests that node:crypto makes of the exported certificate', async () => {
    const pane = await showAuthority(ctx, null, NOON);
    const { bytes, fingerprints } = await exportAuthority(
      ctx,
      { generation: null, form: 'pem' },
      NOON,
    );
    const seen = new X509Certificate(bytes);
    const plain = (digits: string): string => digits.replaceAll(':', '').toLowerCase();
    expect(pane.digests.sha256).toBe(plain(seen.fingerprint256));
    expect(pane.digests.sha1).toBe(plain(seen.fingerprint));
    expect(pane.digests.md5).toMatch(/^[\da-f]{32}$/u);
    expect(fingerprints).toEqual([pane.digests.sha256]);
    expect(pane).toMatchObject({ custody: 'no-passphrase', status: 'active' });
    expect((await showAuthority(ctx, 1, NOON + 6 * 366 * DAY)).status).toBe('expired');
  });

  test('leaves as DER and as the bundle of all that is trusted', async () => {
    const der = await exportAuthority(ctx, { generation: 2, form: 'der' }, NOON);
    expect(new X509Certificate(der.bytes).subject).toBe('CN=Test Zone G2');
    const bundle = await exportAuthority(ctx, { generation: null, form: 'bundle' }, NOON);
    expect(bundle.bytes).toEqual(await ctx.folder.readTrust());
    expect(bundle.fingerprints).toHaveLength(2);
    await expect(showAuthority(ctx, 3, NOON)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the certificates of servers', () => {
  test('are listed with the state of their successors', async () => {
    const rows = await gather(listServerCertificates(ctx, [], EVERYTHING));
    expect(rows.map(({ member, status, part }) => [member.name, status, part?.update])).toEqual([
      ['ca1', 'new-certificate-created', 'pending-certificate-activation'],
      ['web1', 'new-certificate-created', 'pending-certificate-activation'],
    ]);
    expect(
      await gather(listServerCertificates(ctx, ['Servers/web1', 'web1'], EVERYTHING)),
    ).toHaveLength(1);
    await expect(gather(listServerCertificates(ctx, ['pc7'], EVERYTHING))).rejects.toMatchObject({
      code: 'unknown-member',
    });
  });

  test('are shown, the current and the future one', async () => {
    const now = await showServerCertificate(ctx, 'web1', 'current', NOON);
    const next = await showServerCertificate(ctx, 'web1', 'future', NOON);
    expect(now.certificate.issuer).toBe('CN=Test Zone');
    expect(next.certificate.issuer).toBe('CN=Test Zone G2');
    expect(next.server.waiting?.leaf).toBe(next.digests.sha256);
    // Staging has put the same certificate into a set with the wider trust.
    expect(now.server.live?.leaf).toBe(now.digests.sha256);
  });
});

describe('members', () => {
  test('servers and devices are told apart', async () => {
    const servers = await gather(listServers(ctx, EVERYTHING));
    expect(servers.map(({ member, holdsCa }) => [member.name, holdsCa])).toEqual([
      ['ca1', true],
      ['web1', false],
    ]);
    const devices = await gather(listDevices(ctx));
    expect(devices.map(({ member, part }) => [member.name, part?.update])).toEqual([
      ['pc7', 'update-assigned'],
    ]);
    expect((await showServer(ctx, 'web1', NOON)).member.dnsName).toBe('web1.example.com');
    expect((await showDevice(ctx, 'pc7')).home).toBeNull();
    await expect(showServer(ctx, 'pc7', NOON)).rejects.toMatchObject({ code: 'unknown-member' });
    await expect(showDevice(ctx, 'web1')).rejects.toMatchObject({
      code: 'unknown-member',
      message: '/Devices/Servers/web1 is a server, not a device',
    });
  });
});

describe('the audit log', () => {
  test('is listed from its end', async () => {
    const all = await listEvents(ctx, { limit: null, since: null });
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    const last = await listEvents(ctx, { limit: 3, since: null });
    expect(last).toEqual(all.slice(-3));
    expect(await listEvents(ctx, { limit: null, since: NOON + 1 })).toEqual([]);
    expect(await listEvents(ctx, { limit: null, since: NOON })).toEqual(all);
  });

  test('holds, until an event is altered or taken away', async () => {
    const good = await verifyEventLog(ctx);
    expect(good.broken).toBeUndefined();
    expect(good.head.sequence).toBe((await ctx.store.lastEvents(1))[0]?.sequence);
    const database = new Database(join(at.zoneHome, 'zone.db'));
    database.exec('DELETE FROM audit_events WHERE sequence = 4');
    expect((await verifyEventLog(ctx)).broken).toEqual({ sequence: 4, fault: 'gap' });
    database.exec("UPDATE audit_events SET what = 'nothing' WHERE sequence = 2");
    database.close();
    expect((await verifyEventLog(ctx)).broken).toEqual({ sequence: 2, fault: 'altered' });
    ctx.store.close();
  });
});

describe('bounded work', () => {
  test('never runs more at once than it may, and keeps the order', async () => {
    let now = 0;
    let most = 0;
    const results = await runBounded([5, 4, 3, 2, 1, 0], 2, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((done) => setTimeout(done, item));
      now -= 1;
      return item * 10;
    });
    expect(most).toBe(2);
    expect(results).toEqual([50, 40, 30, 20, 10, 0]);
  });

  test('throws the first failure when what began is over', async () => {
    let ended = 0;
    const work = async (item: number): Promise<void> => {
      await new Promise((done) => setTimeout(done, item));
      ended += 1;
      if (item === 1) throw new Error('one failed');
    };
    await expect(runBounded([1, 20], 2, work)).rejects.toThrow('one failed');
    expect(ended).toBe(2);
  });
});
