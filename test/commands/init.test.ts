import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commandLine } from '../support/command-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const INIT = 'zmint init --name Example --server ca1 --dns ca1.example.com';

function passphraseFile(text: string): string {
  const file = join(temporaryFolder(), 'passphrase');
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return file;
}

describe('zmint init', () => {
  test('shows the plan, makes the zone and says where its files are', async () => {
    const at = commandLine();
    const { status, out, err } = await at.run(`${INIT} --no-passphrase --yes`);
    expect(status).toBe(0);
    expect(err).toBe(`Plan: create the zone Example

Zone home     $ZONE
CA            CN=Example, internal
Key           ec:P-256
Valid until   2036-11-21 10:59:59 +00:00 (2036-11-21T10:59:59Z)
CA key        WITHOUT a passphrase: whoever can read the zone home can use it
First server  ca1 (ca1.example.com), with the CA role
Its home      $ZONE/servers/ca1

next: point ca1 at these files, then zmint ssl verify
next: zmint server add NAME --dns FQDN adds the others, zmint status shows the zone
`);
    expect(out.replace(/[0-9a-f]{64}/u, 'FINGERPRINT')).toBe(`Zone         Example
CA           CN=Example
SHA-256      FINGERPRINT
Server       /Devices/Servers/ca1
Certificate  $ZONE/servers/ca1/security/live/server.cer
Key          $ZONE/servers/ca1/security/live/key.pem
Trust        $ZONE/servers/ca1/security/live/ca.cert
`);
    expect(statSync(join(at.zoneHome, 'servers/ca1/security/live/key.pem')).mode & 0o777).toBe(
      0o600,
    );
  });

  test('with --json prints one document', async () => {
    const at = commandLine();
    const { json, err } = await at.run(
      `${INIT} --no-passphrase --yes --json --key rsa:2048 --years 3 --common-name 'My CA'`,
    );
    expect(err).toBe('');
    expect(json()).toMatchObject({
      schema: 'zmint.init/1',
      dryRun: false,
      zone: { name: 'Example', home: '$ZONE', custody: 'no-passphrase' },
      authority: {
        generation: 1,
        subject: 'CN=My CA',
        keySpec: 'rsa:2048',
        notAfter: '2029-11-21T10:59:59Z',
      },
      server: { name: 'ca1', live: '$ZONE/servers/ca1/security/live' },
    });
  });

  test.each([
    ['--dry-run', `${INIT} --no-passphrase --dry-run`, 0, ''],
    ['a dry run without a passphrase', `${INIT} --dry-run`, 0, ''],
    ['no --yes', `${INIT} --no-passphrase`, 2, 'nobody is there to answer "Create the zone'],
    ['no passphrase', `${INIT} --yes`, 2, 'nobody is there to answer "New passphrase of the CA:"'],
    ['no name', 'zmint init --no-passphrase --yes', 2, 'give it with --name NAME'],
    ['no DNS name', `zmint init --name E --server s --no-passphrase`, 2, 'give it with --dns FQDN'],
    ['an external CA without a chain', `${INIT} --ca external`, 2, 'give it with --chain FILE'],
    ['a chain of its own', `${INIT} --ca internal --chain c`, 2, '--chain is for --ca external'],
    ['two keys', `${INIT} --no-passphrase --key ec:P-256 --key-length 2048`, 2, 'twice'],
    ['two ways', `${INIT} --no-passphrase --passphrase-file f --yes`, 2, 'contradict each other'],
    ['a bad name', `${INIT} --no-passphrase --server a_b --yes`, 2, '--server is given twice'],
    [
      'a path as a name',
      'zmint init --name E --server ../x --dns a.example.com --no-passphrase --yes',
      24,
      'no name for a member',
    ],
  ])('%s leaves nothing behind', async (_name, line, status, said) => {
    const at = commandLine();
    const ran = await at.run(line);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
    expect(existsSync(at.zoneHome)).toBe(false);
  });

  test('a zone that is there is not touched', async () => {
    const at = commandLine();
    await at.given([`${INIT} --no-passphrase --yes`]);
    const { status, err } = await at.run(`${INIT} --no-passphrase --yes`);
    expect(status).toBe(24);
    expect(err).toBe(
      'zmint: error: there is a zone in $ZONE already\n' +
        'zmint: hint: zmint status, or choose another zone home with --zone DIR\n',
    );
  });

  test('a passphrase that is too short can be put right by typing it again', async () => {
    const at = commandLine();
    const short = await at.run(`${INIT} --passphrase-file ${passphraseFile('short')} --yes`);
    expect(short.status).toBe(24);
    expect(short.err).toContain('the passphrase has fewer than 10 characters');
    const good = passphraseFile('correct horse battery');
    expect(await at.run(`${INIT} --passphrase-file ${good} --yes`)).toMatchObject({ status: 0 });
    const wrong = passphraseFile('another horse battery');
    expect(
      await at.run(`zmint ssl remint ca1 --yes --passphrase-file ${wrong} --json`),
    ).toMatchObject({ status: 12 });
    expect(
      await at.run(`zmint server add web1 --dns w.example.com --yes --passphrase-file ${wrong}`),
    ).toMatchObject({ status: 12, out: '' });
    expect(existsSync(join(at.zoneHome, 'servers/web1'))).toBe(false);
  });

  test('on a terminal asks for everything, the passphrase twice', async () => {
    const at = commandLine();
    const { status, out, err } = await at.run('zmint init', [
      { to: /Name of the zone/u, keys: 'Example\r' },
      { to: /first Primary Server/u, keys: 'ca1\r' },
      { to: /DNS name of ca1/u, keys: 'ca1.example.com\r' },
      { to: /Keys of the CA/u, keys: '\r' },
      { to: /how many years/u, keys: '\r' },
      { to: /Create the zone/u, keys: 'y\r' },
      { to: /New passphrase/u, keys: 'correct horse battery\r' },
      { to: /The same again/u, keys: 'correct horse battery\r' },
    ]);
    expect({ status, err }).toMatchObject({ status: 0 });
    expect(err).toContain('locked with a passphrase');
    expect(out).toContain('CN=Example');
  });

  test('a no changes nothing', async () => {
    const at = commandLine();
    const { status } = await at.run(`${INIT} --no-passphrase`, [
      { to: /Create the zone/u, keys: 'n\r' },
    ]);
    expect(status).toBe(130);
    expect(existsSync(at.zoneHome)).toBe(false);
  });
});
