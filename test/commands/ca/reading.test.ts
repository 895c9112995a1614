import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTIVE_REMINT, SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine } from '../../support/command-line.js';

/** The same certificate as openssl reads it. */
function openssl(pem: string, ...args: readonly string[]): string {
  return execFileSync('openssl', ['x509', '-noout', ...args], { input: pem, encoding: 'utf8' });
}

describe('zmint ca show', () => {
  test('has every field of the pane, as openssl reads them', async () => {
    const at = commandLine();
    await at.given(SMALL_ZONE);
    const { out: pem } = await at.run('zmint ca export');
    const { out, status } = await at.run('zmint ca show');
    expect(status).toBe(0);
    const digest = (name: string): string =>
      openssl(pem, '-fingerprint', `-${name}`)
        .split('=')[1]
        ?.trim()
        .replaceAll(':', '')
        .toLowerCase() ?? '';
    const serial = openssl(pem, '-serial').trim().slice('serial='.length).toLowerCase();
    expect(out).toBe(`Subject             CN=Example
Issued by           CN=Example
Valid from          2026-11-21 11:00:00 +00:00 (2026-11-21T11:00:00Z)
Expires             2036-11-21 10:59:59 +00:00 (2036-11-21T10:59:59Z)
                    in 3652 days
Key length          256 bits (ec:P-256)
Certificate status  Active
Certificate server  ca1
Kind                internal
Generation          1, active
Serial number       ${serial}
Key custody         locked without a passphrase

MD5      ${digest('md5')}
SHA-1    ${digest('sha1')}
SHA-256  ${digest('sha256')}
`);
    at.now += 4000 * 86_400;
    expect((await at.run('zmint ca show')).out).toContain('Certificate status  Expired\n');
  });

  test('shows another generation, and says when there is none', async () => {
    const at = commandLine();
    await at.given(ACTIVE_REMINT);
    const { json } = await at.run('zmint ca show --generation 1 --json');
    expect(json()).toMatchObject({
      schema: 'zmint.ca-show/1',
      generation: 1,
      state: 'retiring',
      status: 'active',
      custody: 'no-passphrase',
      server: 'ca1',
    });
    const none = await at.run('zmint ca show --generation 9');
    expect(none.status).toBe(17);
    expect(none.err).toContain('this zone has no CA generation 9');
  });
});

describe('zmint ca list', () => {
  test('lists all generations', async () => {
    const at = commandLine();
    await at.given(ACTIVE_REMINT);
    const { out } = await at.run('zmint ca list');
    expect(out).toMatch(/^Generation {2}State {5}Status {2}Expires/u);
    expect(out).toMatch(/\n +1 {2}retiring {2}Active {2}2036-11-21 10:59 {2}CN=Exam/u);
    expect(out).toMatch(/\n +2 {2}active {4}Active {2}2036-11-21 10:59 {2}CN=Exam/u);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { json } = await at.run('zmint ca list --json');
    expect(json()).toMatchObject({ authorities: [{ state: 'retiring' }, { state: 'active' }] });
  });
});

describe('zmint ca export', () => {
  test('writes PEM, DER and the bundle, which openssl reads', async () => {
    const at = commandLine();
    await at.given(ACTIVE_REMINT);
    const file = (name: string): string => join(at.zoneHome, '..', name);
    const { out: pem } = await at.run('zmint ca export');
    expect(openssl(pem, '-subject')).toContain('Example G2');
    const old = await at.run('zmint ca export --generation 1 --out old.pem');
    expect(old.out).toContain('Wrote 1 certificate to ');
    expect(openssl(readFileSync(file('old.pem'), 'utf8'), '-subject')).toMatch(/Example\n/u);
    await at.run('zmint ca export --der --out new.der');
    const der = ['x509', '-inform', 'DER', '-in', file('new.der')];
    expect(execFileSync('openssl', der, { encoding: 'utf8' })).toBe(pem);
    await at.run('zmint ca export --bundle --out roots.pem');
    expect(readFileSync(file('roots.pem'))).toEqual(
      readFileSync(join(at.zoneHome, 'truststore/cacerts.pem')),
    );
  });

  test.each([
    ['--der', '--der writes no text'],
    ['--der --bundle --out x', 'a bundle is PEM'],
    ['--bundle --generation 1', '--generation does not go with --bundle'],
  ])('%s is refused', async (options, message) => {
    const { status, err } = await commandLine().run(`zmint ca export ${options}`);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
