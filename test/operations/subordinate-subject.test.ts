import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import {
  SUBORDINATE,
  subordinateWorld,
  type SubordinateWorld,
} from '../support/subordinate-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { opensslAccepts } from '../support/zone-fsck.js';

const ABOVE = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const FIELDS = '--o "Example Trust" --ou Web --l Berlin --st Berlin --c DE';
const CHANGE = 'zmint ca change --to internal --subordinate';
const INIT = 'zmint init --name Example --server web1 --dns web1.example.com';

let company: ExternalCa;
let strict: string;

beforeAll(() => {
  company = makeExternalCa();
  const subject = '/C=DE/ST=Berlin/O=Example Trust/CN=Strict CA';
  strict = company.authority('strict', { extensions: ABOVE }, subject);
});

function subjectOf(world: SubordinateWorld): string {
  const args = ['req', '-noout', '-subject', '-nameopt', 'RFC2253', '-in'];
  return company
    .openssl(...args, world.file('shown.csr', world.csr()))
    .toString()
    .trim();
}

/** What a company signs whose policy wants its own C, ST and O, and drops what it does not know. */
function signed(world: SubordinateWorld): string {
  const own = company.sign(world.csr(), {
    extensions: SUBORDINATE,
    by: 'strict',
    policy: 'match',
  });
  return world.file('ca.pem', own + strict + company.root);
}

async function expectServed({ at }: SubordinateWorld, issuer: string): Promise<void> {
  const path = join(at.zoneHome, 'servers/web1/security/live/server.cer');
  const pem = readFileSync(path, 'latin1');
  expect(opensslAccepts([company.root], pem, temporaryFolder(), new Date(at.now * 1000))).toBe(
    true,
  );
  const { out } = await at.run('zmint ca show');
  expect(out).toContain(issuer);
  expect(await at.run('zmint doctor')).toMatchObject({ status: 0 });
}

describe('the request for the certificate of a CA', () => {
  test('has the fields that a strict company wants, and takes the subject that it signs', async () => {
    const world = await subordinateWorld(company, [
      `${INIT} --ca internal --subordinate ${FIELDS} --no-passphrase --yes`,
    ]);
    expect(subjectOf(world)).toBe(
      'subject=CN=Example,OU=Web,O=Example Trust,L=Berlin,ST=Berlin,C=DE',
    );
    await world.at.given([`zmint ssl import ${signed(world)} --yes`]);
    await expectServed(world, 'CN=Example,OU=Web,O=Example Trust,ST=Berlin,C=DE');
    // As the company signed it, where nothing else is said.
    await world.at.given(['zmint ssl remint --ca --yes']);
    expect(subjectOf(world)).toBe('subject=CN=Example G2,OU=Web,O=Example Trust,ST=Berlin,C=DE');
    await world.at.given([`zmint ssl import ${signed(world)} --no-backup-check --yes`]);
    await expectServed(world, 'CN=Example G2,OU=Web');
    await world.at.given(['zmint ssl retire --yes', 'zmint ssl remint --ca --o Other --yes']);
    expect(subjectOf(world)).toBe('subject=CN=Example G3,O=Other');
    expect(() => signed(world)).toThrow(/field/u);
  });

  test('has them in a change of the CA', async () => {
    const world = await subordinateWorld(company, [
      `${INIT} --no-passphrase --yes`,
      `${CHANGE} ${FIELDS} --yes`,
    ]);
    expect(subjectOf(world)).toContain('CN=Example G2,OU=Web,O=Example Trust');
    await world.at.given([`zmint ssl import ${signed(world)} --no-backup-check --yes`]);
    await expectServed(world, 'CN=Example G2,OU=Web');
  });

  test.each([
    [`${INIT} --o Example --no-passphrase`, 2, '--subordinate'],
    [`${INIT} --ca internal --subordinate --c Germany --no-passphrase`, 24, 'C'],
  ])('%s is refused', async (line, status, said) => {
    const { at } = await subordinateWorld(company, []);
    const ran = await at.run(`${line} --yes`);
    expect(ran).toMatchObject({ status });
    expect(ran.err).toContain(said);
  });

  test.each([
    ['zmint ssl remint --ca --o Example --no-backup-check', 2],
    ['zmint ssl remint web1 --o Example', 2],
    ['zmint ca change --to internal --server web1 --o Example', 2],
    [`${CHANGE} --cn Example`, 2],
    [`${CHANGE} --c Germany`, 24],
  ])('%s is refused in a zone whose CA signs itself', async (line, status) => {
    const { at } = await subordinateWorld(company, [`${INIT} --no-passphrase --yes`]);
    expect(await at.run(`${line} --yes`)).toMatchObject({ status });
  });
});
