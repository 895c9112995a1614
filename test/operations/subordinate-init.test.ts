import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { subordinateWorld } from '../support/subordinate-world.js';
import { checkHome, opensslAccepts } from '../support/zone-fsck.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let company: ExternalCa;

beforeAll(() => {
  company = makeExternalCa();
});

describe('a zone under a company root', () => {
  test('waits with a request for a CA, which is no secret', async () => {
    const world = await subordinateWorld(company);
    const text = execFileSync('openssl', ['req', '-text', '-noout', '-verify'], {
      input: world.csr(),
    }).toString();
    expect(text).toContain('Subject: CN = Example');
    expect(text).toContain('CA:TRUE');
    expect(text).toContain('Certificate Sign, CRL Sign');
    expect(
      existsSync(join(world.at.zoneHome, 'servers/web1/certificate-authority/1/key.enc')),
    ).toBe(true);
  });

  test('takes the signed certificate in any order, and every server gets its own', async () => {
    const world = await subordinateWorld(company);
    const ran = await world.at.run(`zmint ssl import ${world.signed()} --yes --json`);
    expect(ran).toMatchObject({ status: 0 });
    for (const server of ['web1', 'web2']) {
      const home = join(world.at.zoneHome, 'servers', server);
      const at = new Date(world.at.now * 1000);
      const { chain, trust } = checkHome(home, at);
      expect({ chain: chain.length, trust: trust.length }).toEqual({ chain: 2, trust: 1 });
      const pem = readFileSync(join(home, 'security/live/server.cer'), 'latin1');
      expect(opensslAccepts([company.root], pem, temporaryFolder(), at)).toBe(true);
    }
    const published = readFileSync(join(world.at.zoneHome, 'truststore/cacerts.pem'), 'latin1');
    expect(published).toBe(company.root);
    for (const line of ['zmint doctor', 'zmint ssl verify', 'zmint ca show', 'zmint check'])
      expect({ line, ...(await world.at.run(line)) }).toMatchObject({ line, status: 0 });
    await world.at.given([
      'zmint server add web3 --dns web3.example.com --yes',
      'zmint ssl remint --all --yes',
    ]);
    checkHome(join(world.at.zoneHome, 'servers/web3'), new Date(world.at.now * 1000));
  });
});
