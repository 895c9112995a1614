import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE, WAITING_REMINT } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';

async function zone(given = SMALL_ZONE): Promise<CommandLine> {
  const at = commandLine();
  await at.given([...given, 'zmint device add pc7 --yes']);
  return at;
}

describe('zmint server list and show', () => {
  test('list', async () => {
    const at = await zone();
    const { out } = await at.run('zmint server list');
    expect(out).toBe(`Server  DNS name          Kind     Roles  Certificate  Probe  Version
ca1     ca1.example.com   primary  ca     Active
web1    web1.example.com  primary         Active
`);
    const { json } = await at.run('zmint server list --json');
    expect(json()).toMatchObject({
      schema: 'zmint.server-list/1',
      servers: [
        { name: 'ca1', holdsCa: true, certificate: { status: 'active' } },
        { name: 'web1', holdsCa: false, folder: '$ZONE/servers/web1' },
      ],
    });
  });

  test('show', async () => {
    const at = await zone();
    await at.given([
      'zmint server set web1 --probe 127.0.0.1:8443 --add-dns www.example.com --yes',
    ]);
    const { out } = await at.run('zmint server show web1');
    expect(out).toBe(`Name              web1
Path              /Devices/Servers/web1
Kind              primary
DNS name          web1.example.com
Additional names  www.example.com
Added             2026-11-21 12:00:00 +00:00 (2026-11-21T12:00:00Z)
Certificate       Active
Live set          generation 1
Folder            $ZONE/servers/web1
Live folder       $ZONE/servers/web1/security/live
Reload command    none: zmint does not reload it
Probe address     127.0.0.1:8443
`);
    expect(await at.run('zmint server show pc7')).toMatchObject({ status: 16 });
    const { json } = await at.run('zmint server show web1 --json');
    expect(json()).toMatchObject({ name: 'web1', probe: '127.0.0.1:8443' });
  });
});

describe('zmint device list and show', () => {
  test('list and show, with the update that waits', async () => {
    const at = commandLine();
    await at.given([...SMALL_ZONE, 'zmint device add pc7 --yes']);
    expect((await at.run('zmint device list')).out).toBe(
      'Device  Kind         DNS name  Update status  Folder\npc7     workstation\n',
    );
    await at.given(['zmint ssl remint --ca --no-backup-check --activate-at 14d --yes']);
    expect((await at.run('zmint device list')).out).toContain('Update Assigned');
    const { out } = await at.run('zmint device show pc7');
    expect(out).toContain('Folder         none: zmint reaches it by the offline kit only\n');
    expect(out).toContain('Update status  Update Assigned\n');
    const { json } = await at.run('zmint device show pc7 --json');
    expect(json()).toMatchObject({
      schema: 'zmint.device-show/1',
      updateStatus: 'update-assigned',
    });
    expect(await at.run('zmint device show web1')).toMatchObject({ status: 16 });
  });

  test('a zone without devices', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    expect((await at.run('zmint device list')).out).toBe('The zone has no device.\n');
  });
});

describe('zmint update readiness', () => {
  test('nobody is waited for', async () => {
    const at = await zone();
    const { status, out } = await at.run('zmint update readiness');
    expect({ status, out }).toEqual({
      status: 0,
      out: 'No operation is running: nobody is waited for.\n',
    });
  });

  test('a device that has not reported shuts the gate', async () => {
    const at = commandLine();
    await at.given([
      ...SMALL_ZONE,
      'zmint device add pc7 --yes',
      'zmint ssl remint --ca --no-backup-check --activate-at 14d --yes',
    ]);
    const { status, out, err } = await at.run('zmint update readiness');
    expect(status).toBe(14);
    expect(out).toBe(`op-1 Remint CA of Example 2026-11-21
armed: everything is made and waits for its instant
2 members ready, 1 not ready, 0 waived; activation does not wait for them

pc7   not ready: has not reported which roots it trusts (zmint reaches no folder
      of it)
ca1   ready
web1  ready
`);
    expect(err).toBe('zmint update ignore pc7 goes on without one\n');
    const { json } = await at.run('zmint update readiness --json --operation op-1');
    expect(json()).toMatchObject({
      open: false,
      operations: [
        { operation: { id: 'op-1' }, missing: [{ member: 'pc7' }], ready: ['ca1', 'web1'] },
      ],
    });
    await at.given(['zmint update ignore pc7 --yes']);
    const waived = await at.run('zmint update readiness');
    expect(waived.status).toBe(0);
    expect(waived.out).toContain('pc7   waived\n');
    expect(await at.run('zmint update readiness --operation op-7')).toMatchObject({ status: 17 });
  });

  test('all are ready', async () => {
    const at = commandLine();
    await at.given(WAITING_REMINT);
    expect(await at.run('zmint update readiness')).toMatchObject({ status: 0, err: '' });
  });
});
