import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';

function csv(at: CommandLine, text: string): string {
  const file = join(at.zoneHome, '..', 'servers.csv');
  writeFileSync(file, text);
  return 'servers.csv';
}

async function smallZone(): Promise<CommandLine> {
  const at = commandLine();
  await at.given(SMALL_ZONE);
  return at;
}

describe('zmint server add', () => {
  test('says home, files and end of the certificate', async () => {
    const at = await smallZone();
    const { status, out, err } = await at.run(
      'zmint server add web2 --dns web2.example.com --add-dns www.example.com --ip 192.0.2.7 --reload true --probe web2.example.com --yes',
    );
    expect(status).toBe(0);
    expect(err).toBe(`Plan: add 1 server

Path         /Devices/Servers/web2
Kind         primary
Names        web2.example.com, www.example.com, 192.0.2.7
Home         $ZONE/servers/web2
Reload       true
Probe        web2.example.com:443
Certificate  its first one, live at once

next: point the server at these files and start it, then zmint ssl verify
`);
    expect(out).toBe(`Added        /Devices/Servers/web2
Home         $ZONE/servers/web2
Certificate  $ZONE/servers/web2/security/live/server.cer
Key          $ZONE/servers/web2/security/live/key.pem
Trust        $ZONE/servers/web2/security/live/ca.cert
Valid until  2027-11-21 10:59:59 +00:00 (2027-11-21T10:59:59Z)
`);
  });

  test('--no-mint leaves it without a certificate', async () => {
    const at = await smallZone();
    const { json } = await at.run(
      'zmint server add web2 --dns web2.example.com --no-mint --yes --json',
    );
    expect(json()).toMatchObject({ added: [{ name: 'web2', live: null, notAfter: null }] });
  });

  test('takes many from a file, in one plan', async () => {
    const at = await smallZone();
    const file = csv(
      at,
      '\ufeffname,dns,addDns,ip,kind,roles\r\n' +
        'web2,web2.example.com,www.example.com; shop.example.com,192.0.2.7 2001:DB8::7,,\r\n' +
        'sat1,sat1.example.com,,,satellite,content;imaging\r\n',
    );
    const { status, out, err } = await at.run(`zmint server add --from ${file} --yes`);
    expect({ status, out }).toEqual({
      status: 0,
      out: `Name  Valid until  Live set
web2  2027-11-21   $ZONE/servers/web2/security/live
sat1  2027-11-21   $ZONE/servers/sat1/security/live
`,
    });
    expect(err).toContain('Plan: add 2 servers\n');
    const { json } = await at.run(`zmint server remove web2 --dry-run --json`);
    expect(json()).toMatchObject({
      plan: { member: { ipAddresses: ['192.0.2.7', '2001:db8::7'] } },
    });
  });

  test('names every bad row by its line and adds nothing', async () => {
    const at = await smallZone();
    const file = csv(
      at,
      'name,dns,kind\nweb2,web2.example.com,\nx_y,x.example.com,\nweb2,other.example.com,\nweb1,w.example.com,\nphone,,mobile\n\nbad,-.example.com,\n',
    );
    const { status, json, err } = await at.run(`zmint server add --from ${file} --yes --json`);
    expect(status).toBe(20);
    expect(json()).toMatchObject({
      code: 'unreadable',
      details: {
        rows: [
          { line: 3, message: '"x_y" is no name for a member' },
          { line: 4, message: 'the name "web2" is in the file already' },
          { line: 5, message: 'the zone has a member "web1" already' },
          { line: 6, message: 'phone is no server: kind is primary or satellite' },
          { line: 8, message: '"-.example.com" is not a DNS name' },
        ],
      },
    });
    expect(err).toContain('servers.csv:3: "x_y" is no name for a member\n');
    expect(await at.run('zmint server remove web2 --dry-run')).toMatchObject({ status: 16 });
  });

  test.each([
    ['an unknown column', 'name,dns,colour\n', 'line 1: there is no column "colour"'],
    ['no servers', 'name,dns\n', 'holds no servers'],
    ['a row that is too short', 'name,dns,ip\nweb2,web2.example.com\n', 'line 2'],
    ['an open quote', 'name,dns\n"web2,web2.example.com\n', 'servers.csv: '],
  ])('%s in the file ends with 20', async (_name, text, said) => {
    const at = await smallZone();
    const { status, err } = await at.run(`zmint server add --from ${csv(at, text)} --yes`);
    expect({ status, said: err.includes(said) }).toEqual({ status: 20, said: true });
  });

  test('text from the file is escaped', async () => {
    const at = await smallZone();
    const file = csv(at, 'name,dns\n\u001b[31mred,x.example.com\n');
    const { err } = await at.run(`zmint server add --from ${file} --yes`);
    expect(err).not.toContain('\u001b');
    expect(err).toContain('\\x1b[31mred');
  });

  test.each([
    ['zmint server add --dns w.example.com --yes', 2, 'the name of the server is missing'],
    ['zmint server add web2 --yes', 2, 'the DNS name of server "web2" is missing'],
    ['zmint server add web2 --from f.csv', 2, '--from takes everything'],
    ['zmint server add web1 --dns w.example.com --yes', 24, 'has a member "web1" already'],
    ['zmint server add web2 --dns w.example.com --role content --yes', 24, 'is no satellite'],
    ['zmint server add web2 --dns w.example.com --kind mobile', 2, 'is not one of primary'],
    [
      'zmint server add web2 --dns w.example.com',
      2,
      'nobody is there to answer "Add server web2?"',
    ],
    ['zmint server add ../../x --dns w.example.com --yes', 24, 'no name for a member'],
    ['zmint device add web1 --yes', 24, 'has a member "web1" already'],
  ])('%s ends with %d', async (line, status, said) => {
    const ran = await (await smallZone()).run(line);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
  });

  test('while a remint of the CA waits, only --no-mint works', async () => {
    const at = await smallZone();
    await at.given(['zmint ssl remint --ca --no-backup-check --activate-at 14d --yes']);
    const line = 'zmint server add web2 --dns web2.example.com --yes';
    expect(await at.run(line)).toMatchObject({ status: 13 });
    expect(await at.run(`${line} --no-mint`)).toMatchObject({ status: 0 });
  });
});

describe('zmint server set', () => {
  test('shows old and new values and how the certificate follows', async () => {
    const at = await smallZone();
    const { out, err } = await at.run(
      'zmint server set web1 --add-dns www.example.com --ip 192.0.2.7 --reload true --yes',
    );
    expect(out).toBe(`Additional DNS names  none → www.example.com
IP addresses          none → 192.0.2.7
Reload                none → true
`);
    expect(err).toContain(
      'next: zmint ssl remint web1 --include-dns brings the names into its certificate\n',
    );
    const taken = await at.run(
      "zmint server set web1 --remove-dns WWW.example.com. --remove-ip 192.0.2.7 --reload '' --yes --json",
    );
    expect(taken.json()).toMatchObject({
      changed: {
        additionalDnsNames: { from: ['www.example.com'], to: [] },
        ipAddresses: { from: ['192.0.2.7'], to: [] },
        reload: { from: 'true', to: null },
      },
    });
  });

  test('what is so already is no change', async () => {
    const at = await smallZone();
    expect(await at.run('zmint server set web1 --dns web1.example.com --yes')).toMatchObject({
      status: 0,
      out: 'Nothing changes: it is so already.\n',
      err: '',
    });
  });

  test.each([
    ['zmint server set web1 --yes', 2, 'what is to change about web1?'],
    ['zmint server set nobody --reload true --yes', 16, 'there is no member "nobody"'],
    ['zmint server set web1 --remove-dns www.example.com --yes', 17, 'has no additional DNS name'],
    ['zmint server set web1 --remove-ip nonsense --yes', 24, 'is not an IP address'],
    ["zmint server set web1 --dns '' --yes", 2, 'an empty text is not accepted'],
    ['zmint server set web1 --home /srv/web1 --yes', 24, 'cannot be changed while'],
    ['zmint server set web1 --reload true', 2, 'nobody is there to answer "Change web1?"'],
    ['zmint server set phone1 --reload true --yes', 16, 'is a device, not a server'],
  ])('%s ends with %d', async (line, status, said) => {
    const at = await smallZone();
    await at.given(['zmint device add phone1 --kind mobile --yes']);
    const ran = await at.run(line);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
  });
});

describe('removing', () => {
  test('says where the files stay', async () => {
    const at = await smallZone();
    const { status, out, err } = await at.run('zmint server remove web1 --yes');
    expect({ status, out }).toEqual({ status: 0, out: 'Removed /Devices/Servers/web1.\n' });
    expect(err).toContain('stay where they are: $ZONE/servers/web1');
    expect(await at.run('zmint server remove web1 --yes')).toMatchObject({ status: 16 });
    expect(
      await at.run('zmint server add web1 --dns web1.example.com --yes --quiet'),
    ).toMatchObject({ status: 0 });
  });

  test.each([
    ['zmint server remove ca1 --yes', 24, 'holds the CA role'],
    ['zmint server remove phone1 --yes', 16, 'is a device, not a server'],
    ['zmint device remove web1 --yes', 16, 'is a server, not a device'],
    ['zmint server remove server --yes', 16, 'there is no member "server"'],
    ['zmint server remove web1', 2, 'nobody is there to answer "Remove web1?"'],
  ])('%s ends with %d', async (line, status, said) => {
    const at = await smallZone();
    await at.given(['zmint device add phone1 --kind mobile --yes']);
    const ran = await at.run(line);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
  });

  test('a server that an operation waits for stays', async () => {
    const at = await smallZone();
    await at.given(['zmint ssl remint web1 --activate-at 1h --yes']);
    const { status, err } = await at.run('zmint server remove web1 --yes');
    expect(status).toBe(13);
    expect(err).toContain('zmint update ignore web1, then remove it');
  });

  test('devices are added in a folder and found by any tail of their path', async () => {
    const at = await smallZone();
    const added = await at.run('zmint device add desk1 --path Berlin/Hall --yes');
    expect(added.out).toBe('Added  /Devices/Workstations/Berlin/Hall/desk1\n');
    expect(added.err).toContain('Certificate  none: a device only trusts\n');
    const { status, json } = await at.run('zmint device remove hall/desk1 --dry-run --json');
    expect(status).toBe(0);
    expect(json()).toMatchObject({
      schema: 'zmint.device-remove/1',
      dryRun: true,
      plan: { member: { path: '/Devices/Workstations/Berlin/Hall/desk1', home: null } },
    });
    expect(await at.run('zmint device remove Workstations/Berlin/Hall/desk1 --yes')).toMatchObject({
      status: 0,
    });
  });
});
