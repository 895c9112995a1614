import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checkHome } from '../../support/zone-fsck.js';
import { keytoolList, satelliteZone, type SatelliteZone } from '../../support/satellite-zone.js';

let zone: SatelliteZone;
let home = '';

beforeEach(async () => {
  zone = await satelliteZone();
  home = join(zone.at.zoneHome, 'servers/sat1');
});

const live = (name: string): string => join(home, 'security/live', name);
const generation = (): string => checkHome(home, new Date(zone.at.now * 1000)).live;

function print(file: string): string {
  const { fingerprint256 } = new X509Certificate(readFileSync(file));
  return fingerprint256;
}

describe('zmint iac', () => {
  test('key, certificate and CA in files; the one satellite need not be named', async () => {
    zone.sign('one');
    const { status, err } = await zone.at.run('zmint iac -pk one.key -c one.der -ca ca.der -rc');
    expect({ status, err }).toMatchObject({ status: 0 });
    expect(err).toContain('Plan: import a certificate for sat1');
    expect(print(live('server.cer'))).toBe(print(zone.file('one.der')));
    const seen = checkHome(home, new Date(zone.at.now * 1000));
    expect(seen.chain).toEqual([print(zone.file('ca.der')).replaceAll(':', '').toLowerCase()]);
    const listed = await zone.at.run('zmint ssl list --json');
    expect(listed.out).toContain('sat1.example.com');
    expect((await zone.at.run('zmint doctor')).status).toBe(0);
  });

  test('the issuer that the zone knows need not be given', async () => {
    zone.sign('one');
    expect((await zone.at.run('zmint iac -pk one.key -c one.der --yes')).status).toBe(0);
    expect(generation()).toBe('generations/1');
  });

  test('nobody is there to answer: nothing changes', async () => {
    zone.sign('one');
    const { status, err } = await zone.at.run('zmint iac -pk one.key -c one.der -ca ca.der');
    expect(status).toBe(2);
    expect(err).toContain('Import this certificate and reconfigure sat1?');
    expect(existsSync(live('server.cer'))).toBe(false);
    const dry = await zone.at.run('zmint iac -pk one.key -c one.der --dry-run -rc --json');
    expect(dry.json()).toMatchObject({ dryRun: true, plan: { member: { name: 'sat1' } } });
    expect(existsSync(live('server.cer'))).toBe(false);
  });

  test.each(['jks', 'p12'])('an entry of a %s with its password in a file', async (format) => {
    zone.sign('one');
    await zone.at.given([
      `zmint cert convert one.der --key one.key --to ${format} --alias Sat --out store --out-passphrase-file password`,
    ]);
    const line = 'zmint iac -ks store --passphrase-file password -a sat --yes --json';
    const { status, json, err } = await zone.at.run(line);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(json()).toMatchObject({ source: 'given', keystore: null, evidence: 'files' });
    expect(print(live('server.cer'))).toBe(print(zone.file('one.der')));
  });

  test('old habits: passwords on the line, -ks twice, an administrator who signs in', async () => {
    zone.sign('one');
    await zone.at.given([
      'zmint cert convert one.der --key one.key --to jks --alias sat1 --out one.jks --out-passphrase-file password',
    ]);
    const line = 'zmint import-authentication-cert -ks one.jks -ksp changeit -a sat1';
    const { status, err } = await zone.at.run(`${line} -ks changeit -u admin -p topsecret -rc`);
    expect(status).toBe(0);
    expect(err).toContain('-ksp and -ks and -p: a password on the command line can be seen');
    expect(err).not.toContain('topsecret');
    const bare = await zone.at.run('zmint isc -u admin -p -rc');
    expect(bare).toMatchObject({ status: 0 });
    expect(bare.err).not.toContain('a password on the command line');
  });

  test.each([
    ['nothing', 'iac --yes', 2, '-pk FILE: the private key is missing'],
    ['half of a set', 'iac -pk one.key --yes', 2, '-c FILE: the certificate is missing'],
    ['both ways', 'iac -ks x -pk one.key --yes', 2, 'does not go with'],
    ['a Primary Server', 'iac ca1 -pk one.key -c one.der --yes', 16, 'is a Primary Server'],
    ['another key', 'iac -pk two.key -c one.der --yes', 21, 'belongs to none'],
    ['another name', 'iac -pk else.key -c else.der --yes', 24, 'is not for sat1.example.com'],
    ['a key without certificate', 'iac -pk one.key -c one.key --yes', 20, 'no certificate in'],
    ['an unknown root', 'iac -pk odd.key -c odd.der --yes', 22, 'odd.der'],
    ['a wrong password', 'iac -ks one.jks -ksp wrong1 --yes', 12, 'fits the digest'],
    ['no password', 'iac -ks one.jks --yes', 12, 'is locked, and no password was given'],
    ['no such entry', 'iac -ks one.jks -ksp changeit -a x --yes', 17, 'no entry "x"'],
  ])('%s is refused, and nothing changes', async (_name, line, status, fact) => {
    zone.sign('one');
    zone.sign('two');
    zone.sign('else', 'else.example.com');
    const selfSigned = ['req', '-x509', '-new', '-key', 'two.pem', '-subj', '/CN=sat1.example.com'];
    const names = [
      '-addext',
      'subjectAltName=DNS:sat1.example.com',
      '-addext',
      'basicConstraints=CA:FALSE',
    ];
    writeFileSync(
      zone.file('odd.der'),
      zone.ca.openssl(...selfSigned, ...names, '-outform', 'DER'),
    );
    writeFileSync(zone.file('odd.key'), readFileSync(zone.file('two.key')));
    await zone.at.given([
      'zmint cert convert one.der --key one.key --to jks --alias sat1 --out one.jks --out-passphrase-file password',
    ]);
    const ran = await zone.at.run(`zmint ${line}`);
    expect(ran.err).toContain(fact);
    expect(ran.status).toBe(status);
    expect(existsSync(live('server.cer'))).toBe(false);
  });

  test('a key that serves another server is refused (I-5)', async () => {
    await zone.at.given([
      'zmint server add sat2 --dns sat2.example.com --kind satellite --no-mint --yes',
    ]);
    zone.sign('both', '*.example.com');
    await zone.at.given(['zmint iac sat1 -pk both.key -c both.der --yes']);
    const { status, err } = await zone.at.run('zmint iac sat2 -pk both.key -c both.der --yes');
    expect({ status, err }).toMatchObject({ status: 24 });
    expect(err).toContain('this key is that of another server');
  });

  test('of several satellites the certificate tells the one', async () => {
    await zone.at.given([
      'zmint server add sat2 --dns sat2.example.com --kind satellite --no-mint --yes',
    ]);
    zone.sign('two', 'sat2.example.com');
    const { json } = await zone.at.run('zmint iac -pk two.key -c two.der --yes --json');
    expect(json()).toMatchObject({ member: { name: 'sat2' } });
    expect(await zone.at.run('zmint isc --yes')).toMatchObject({ status: 2 });
  });

  test('what the server does not show is taken back', async () => {
    zone.sign('one');
    zone.sign('two');
    await zone.at.given([
      'zmint iac -pk one.key -c one.der --yes',
      "zmint server set sat1 --reload 'exit 3' --yes",
    ]);
    const { status, err } = await zone.at.run('zmint iac -pk two.key -c two.der --yes');
    expect(status).toBe(32);
    expect(err).toContain('ended with status 3');
    expect(err).toContain('going back failed too');
    expect(print(live('server.cer'))).toBe(print(zone.file('one.der')));
    await zone.at.given(['zmint server set sat1 --reload true --yes']);
    await zone.at.given(['zmint iac -pk two.key -c two.der --yes', 'zmint doctor']);
    expect(print(live('server.cer'))).toBe(print(zone.file('two.der')));
  });
});

describe('a satellite without a certificate in a zone with an external CA', () => {
  test.each(['isc', 'asr -t all', 'asr -t config'])(
    '%s is refused with the reason',
    async (line) => {
      const { status, err } = await zone.at.run(`zmint ${line} --yes`);
      expect(status).toBe(24);
      expect(err).toContain('a satellite must have one of that CA');
      expect(err).toContain('zmint iac sat1');
    },
  );

  test('so is the role that needs one; with a certificate it is given, and the certificate stays', async () => {
    const refused = await zone.at.run('zmint server set sat1 --role authentication --yes');
    expect(refused).toMatchObject({ status: 24 });
    zone.sign('one');
    await zone.at.given(['zmint iac -pk one.key -c one.der --yes']);
    const before = generation();
    for (const change of [
      '--role authentication',
      '--role collection --remove-role content',
      '--remove-role authentication',
      '--role imaging --role join-proxy',
    ]) {
      await zone.at.given([`zmint server set sat1 ${change} --yes`]);
      expect(generation()).toBe(before);
    }
    await zone.at.given(['zmint asr -t all --yes', 'zmint doctor']);
    expect(print(live('server.cer'))).toBe(print(zone.file('one.der')));
  });

  test('rsc makes a request that the CA can sign', async () => {
    const { status, out } = await zone.at.run('zmint rsc -u admin -p --yes');
    expect(status).toBe(0);
    expect(out).toContain('sat1');
    expect(existsSync(join(home, 'remint-repo/server.csr'))).toBe(true);
  });
});

describe('zmint isc', () => {
  test('brings the certificate back when the live files are gone', async () => {
    zone.sign('one');
    zone.sign('two');
    await zone.at.given([
      'zmint iac -pk one.key -c one.der --yes',
      'zmint iac -pk two.key -c two.der --yes',
      'zmint isc --yes',
    ]);
    expect(generation()).toBe('generations/3');
    rmSync(join(home, 'security/generations/3'), { recursive: true });
    const { status, json } = await zone.at.run('zmint isc --yes --json');
    expect(status).toBe(0);
    expect(json()).toMatchObject({ source: 'kept' });
    expect(generation()).toBe('generations/4');
    expect(print(live('server.cer'))).toBe(print(zone.file('two.der')));
  });

  test('with files it is as iac', async () => {
    zone.sign('one');
    await zone.at.given(['zmint isc sat1 -pk one.key -c one.der -ca ca.der --yes']);
    expect(print(live('server.cer'))).toBe(print(zone.file('one.der')));
  });
});

describe('the keystore of a satellite', () => {
  beforeEach(async () => {
    zone.sign('one');
    await zone.at.given(['zmint iac -pk one.key -c one.der --yes']);
  });

  test.each([
    ['jks', 'server.jks'],
    ['pkcs12', 'server.p12'],
  ])('%s: Java opens it by the password beside it', async (format, name) => {
    const line = `zmint asr -t config --keystore ${format} --keystore-passphrase-file password`;
    const { status, json } = await zone.at.run(`${line} --yes --json`);
    expect(status).toBe(0);
    expect(json()).toMatchObject({
      keystore: { format, alias: 'sat1', file: live(name).replace(zone.at.zoneHome, '$ZONE') },
    });
    const listed = keytoolList(live(name), readFileSync(live('keystore.pass'), 'utf8'));
    expect(listed).toContain('PrivateKeyEntry');
    expect(listed).toContain(print(zone.file('one.der')));
    const { out: page } = await zone.at.run('zmint server show sat1');
    expect(page).toMatch(new RegExp(`Keystore +${name} .+, entry "sat1"`, 'u'));
    for (const file of [name, 'keystore.pass'])
      expect(statSync(live(file)).mode & 0o777).toBe(0o600);
  });

  test('it follows the next certificate with its password and alias, in the same rename', async () => {
    await zone.at.given([
      'zmint asr -t config --keystore jks --keystore-passphrase-file password -a Auth --yes',
    ]);
    zone.sign('two');
    await zone.at.given(['zmint iac -pk two.key -c two.der --yes']);
    const listed = keytoolList(live('server.jks'), 'changeit');
    expect(listed).toContain('auth,');
    expect(listed).toContain(print(zone.file('two.der')));
    await zone.at.given(['zmint asr --keystore pkcs12 --yes']);
    expect(existsSync(live('server.jks'))).toBe(false);
    expect(keytoolList(live('server.p12'), 'changeit')).toContain('auth,');
    await zone.at.given(['zmint asr --keystore none --yes']);
    for (const name of ['server.p12', 'server.jks', 'keystore.pass'])
      expect(existsSync(live(name))).toBe(false);
  });

  test.each([
    ['no password', '--keystore jks', 2, 'which password the keystore has'],
    ['no keystore', '--keystore-passphrase-file password', 2, 'there is no keystore'],
    ['an alias for nothing', '-a x', 2, 'there is no keystore'],
    ['a short password', '--keystore jks --keystore-passphrase-file short', 24, 'at least 6'],
  ])('%s is refused', async (_name, words, status, fact) => {
    writeFileSync(zone.file('short'), '12345\n', { mode: 0o600 });
    const ran = await zone.at.run(`zmint asr ${words} --yes`);
    expect(ran.err).toContain(fact);
    expect(ran.status).toBe(status);
  });

  test('a set that has lost its password counts as damaged, and isc brings it back', async () => {
    await zone.at.given(['zmint asr --keystore jks --keystore-passphrase-file password --yes']);
    rmSync(live('keystore.pass'));
    expect((await zone.at.run('zmint doctor')).status).not.toBe(0);
    await zone.at.given([
      'zmint isc --keystore jks --keystore-passphrase-file password --yes',
      'zmint doctor',
    ]);
    expect(keytoolList(live('server.jks'), 'changeit')).toContain(print(zone.file('one.der')));
  });

  test('a person is asked for the password, twice', async () => {
    const person = [
      { to: /nothing: as it is/u, keys: 'changeit\r' },
      { to: /same again/u, keys: 'changeit\r' },
      { to: /Reconfigure sat1/u, keys: 'y\r' },
    ];
    const { status } = await zone.at.run('zmint asr --keystore jks', person);
    expect(status).toBe(0);
    expect(keytoolList(live('server.jks'), 'changeit')).toContain('sat1,');
  });
});

describe('zmint asr', () => {
  test('-t jetty reloads and looks, -t config only writes', async () => {
    zone.sign('one');
    await zone.at.given(['zmint iac -pk one.key -c one.der --yes']);
    const mark = zone.file('reloaded');
    await zone.at.given([`zmint server set sat1 --reload 'echo x >> ${mark}' --yes`]);
    await zone.at.given(['zmint asr -t config --yes']);
    expect(existsSync(mark)).toBe(false);
    expect(generation()).toBe('generations/2');
    await zone.at.given(['zmint asr -t jetty --yes']);
    expect(readFileSync(mark, 'utf8')).toBe('x\n');
    expect(generation()).toBe('generations/2');
    await zone.at.given(['zmint asr -t all --yes']);
    expect(readFileSync(mark, 'utf8')).toBe('x\nx\n');
    await zone.at.given(["zmint server set sat1 --reload 'exit 7' --yes"]);
    expect(await zone.at.run('zmint asr -t jetty --yes')).toMatchObject({ status: 40 });
  });
});
