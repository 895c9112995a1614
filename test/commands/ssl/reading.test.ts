import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE, WAITING_REMINT } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';
import { freePort } from '../../support/free-port.js';
import { startNodeTlsServer, type NodeTlsServer } from '../../support/node-tls-server.js';

const DAY = 86_400;
const running: NodeTlsServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function zone(given = SMALL_ZONE): Promise<CommandLine> {
  const at = commandLine();
  await at.given(given);
  return at;
}

describe('zmint ssl list', () => {
  test('at 80 columns', async () => {
    const at = await zone();
    const { out } = await at.run('zmint ssl list');
    expect(out.replace(/[\da-f]{16}/gu, 'f'.repeat(16))).toBe(
      `Issued to  Expires on        Certificate status  SHA-256
ca1        2027-11-21 10:59  Active              ffffffffffffffff
web1       2027-11-21 10:59  Active              ffffffffffffffff
`,
    );
  });

  test('while a remint runs, with the words of the manuals', async () => {
    const at = await zone(WAITING_REMINT);
    const { out } = await at.run('zmint ssl list');
    expect(out).toContain('New certificate created  Pending Certificate Act');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { json } = await at.run('zmint ssl list --state pending-certificate-activation --json');
    expect(json()).toMatchObject({
      schema: 'zmint.ssl-list/1',
      servers: [
        {
          name: 'ca1',
          status: 'new-certificate-created',
          updateStatus: 'pending-certificate-activation',
          options: { futureCertificate: true, csr: false },
          operation: 'op-1',
          current: { subject: 'CN=ca1.example.com', issuer: 'CN=Example' },
          future: { issuer: 'CN=Example G2' },
        },
        { name: 'web1' },
      ],
    });
  });

  test('only what is asked for', async () => {
    const at = await zone();
    expect((await at.run('zmint ssl list --state expired')).out).toBe('No server is like that.\n');
    at.now += 400 * DAY;
    const { out } = await at.run('zmint ssl list --state expired --member web1');
    expect(out).toContain('web1');
    expect(out).not.toMatch(/^ca1/mu);
    expect((await at.run('zmint ssl list --state gone')).status).toBe(2);
    expect((await at.run('zmint ssl list --member web9')).status).toBe(16);
  });
});

describe('zmint ssl show', () => {
  test('has every field, within 80 columns but for paths', async () => {
    const at = await zone(WAITING_REMINT);
    const { out } = await at.run('zmint ssl show web1');
    const labels = out
      .split('\n')
      .flatMap((line) => /^([A-Z][\w-]*(?: \w+)*) {2}/u.exec(line)?.[1] ?? []);
    expect(labels).toEqual([
      ...['Issued to', 'Subject', 'Issued by', 'Names', 'Valid from', 'Expires on', 'Key'],
      ...['Serial number', 'CA generation', 'Certificate status', 'Options', 'Update status'],
      ...['Operation', 'Set', 'Folder', 'Live folder', 'MD5', 'SHA-1', 'SHA-256'],
    ]);
    expect(out).toContain('Options             future certificate: zmint ssl show web1 --future\n');
    const future = await at.run('zmint ssl show web1 --future');
    expect(future.out).toContain('Issued by           CN=Example G2\n');
  });

  test('says when nothing waits', async () => {
    const at = await zone();
    const { status, err } = await at.run('zmint ssl show web1 --future');
    expect(status).toBe(17);
    expect(err).toContain('web1 has no certificate that waits');
    const bare = await at.run('zmint server add web2 --dns web2.example.com --no-mint --yes');
    expect(bare.status).toBe(0);
    expect((await at.run('zmint ssl show web2')).err).toContain('zmint ssl remint web2');
  });
});

describe('zmint ssl verify', () => {
  async function served(): Promise<CommandLine> {
    const at = await zone();
    const port = await freePort();
    await at.given([`zmint server set web1 --probe 127.0.0.1:${port} --yes`]);
    const live = join(at.zoneHome, 'servers/web1/security/live');
    running.push(await startNodeTlsServer({ live, port }));
    return at;
  }

  test('all is well', async () => {
    const at = await served();
    const { status, out } = await at.run('zmint ssl verify');
    expect(status).toBe(0);
    expect(out.replace(/:\d{4,5} /u, ':PORT ')).toBe(
      `ok  ca1: its files are right; it was not connected to
ok  web1: 127.0.0.1:PORT TLSv1.3, sends 1 certificate, accepted by clients of the zone
note no probe address, judged by files alone: ca1 (zmint server set ca1 --probe
     HOST:PORT)
`,
    );
  });

  test('one server asked: its own status; several: 40', async () => {
    const at = await served();
    at.now += 400 * DAY;
    const expired = await at.run('zmint ssl verify web1');
    expect(expired.status).toBe(23);
    expect(expired.out).toContain(
      'bad web1\n    expired: the certificate of web1 expired 2027-11-21T10:59:59Z\n    zmint ssl remint web1\n',
    );
    at.now -= 400 * DAY;
    await running[0]?.stop();
    running.splice(0);
    expect(await at.run('zmint ssl verify web1')).toMatchObject({ status: 30 });
    expect(await at.run('zmint ssl verify')).toMatchObject({ status: 40 });
    const { json } = await at.run('zmint ssl verify --json');
    expect(json()).toMatchObject({
      schema: 'zmint.ssl-verify/1',
      failed: 1,
      servers: [
        { name: 'ca1', seen: 'files', problems: [] },
        { name: 'web1', problems: [{ fault: 'unreachable', code: 'unreachable' }] },
      ],
    });
  });

  test('files that do not fit, without a probe', async () => {
    const at = await zone();
    const key = (name: string): string =>
      join(at.zoneHome, 'servers', name, 'security/live/key.der');
    cpSync(key('ca1'), key('web1'));
    expect(await at.run('zmint ssl verify web1')).toMatchObject({ status: 21 });
    rmSync(key('web1'));
    expect(await at.run('zmint ssl verify web1')).toMatchObject({ status: 19 });
    expect(await at.run('zmint ssl verify web9')).toMatchObject({ status: 16 });
  });
});
