import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeExternalCa, type ExternalCa } from '../support/external-ca.js';
import { opensslIn } from '../support/issue-bench.js';
import { subordinateWorld, type SubordinateWorld } from '../support/subordinate-world.js';

const CA = 'keyUsage=critical,keyCertSign,cRLSign\n';
const ISSUE = 'zmint ca issue --out out --yes --force';
const LAB = `${ISSUE} --subordinate --name "Lab CA"`;

let company: ExternalCa;

beforeAll(() => {
  company = makeExternalCa();
});

/** A zone whose CA the company has signed so. */
async function signedWith(extensions: string): Promise<SubordinateWorld> {
  const world = await subordinateWorld(company);
  const file = world.signed({ extensions: extensions + CA });
  await world.at.given([`zmint ssl import ${file} --yes`]);
  mkdirSync(join(world.at.zoneHome, '../out'));
  return world;
}

async function refusal(world: SubordinateWorld, line: string): Promise<readonly [number, string]> {
  const { status, err } = await world.at.run(line);
  return [status, err];
}

/** What openssl reads in the certificate that was issued last. */
function read({ at }: SubordinateWorld): string {
  const folder = join(at.zoneHome, '../out');
  return opensslIn(folder, 'x509', '-in', 'certificate.pem', '-noout', '-text');
}

/** Whether openssl accepts it, at the clock of the test. */
function verify({ at }: SubordinateWorld): string {
  const folder = join(at.zoneHome, '../out');
  const trust = ['-CAfile', 'ca.pem', '-untrusted', 'certificate.pem', '-attime', String(at.now)];
  return opensslIn(folder, 'verify', '-x509_strict', ...trust, 'certificate.pem');
}

describe('a subordinate CA below a zone CA with a path length (RFC 5280 §4.2.1.9)', () => {
  test('is refused where there is no room for it', async () => {
    const world = await signedWith('basicConstraints=critical,CA:TRUE,pathlen:0\n');
    const before = await world.at.run('zmint ca list --issued --json');
    const { status, json } = await world.at.run(`${LAB} --json`);
    expect(status).toBe(24);
    expect(json()).toMatchObject({
      code: 'policy',
      message: expect.stringContaining('CN=Example may issue no CA'),
    });
    expect((await world.at.run('zmint ca list --issued --json')).out).toBe(before.out);
    await world.at.given([`${ISSUE} --name agent`]);
    expect(verify(world)).toContain('OK');
  });

  test('gets no more than what is left', async () => {
    const world = await signedWith('basicConstraints=critical,CA:TRUE,pathlen:2\n');
    const [status, err] = await refusal(world, `${LAB} --path-length 2`);
    expect({ status, room: err.includes('a path length of 1, not 2') }).toEqual({
      status: 24,
      room: true,
    });
    await world.at.given([`${LAB} --path-length 1`]);
    expect(read(world)).toContain('CA:TRUE, pathlen:1');
    expect(verify(world)).toContain('OK');
  });

  test('is refused for the path length of a CA further up', async () => {
    const world = await subordinateWorld(company);
    const extensions = `basicConstraints=critical,CA:TRUE,pathlen:1\n${CA}`;
    const above = company.authority('short', { extensions });
    const own = company.sign(world.csr(), {
      by: 'short',
      extensions: `basicConstraints=critical,CA:TRUE\n${CA}`,
    });
    const file = world.file('own.pem', own + above + company.root);
    await world.at.given([`zmint ssl import ${file} --yes`]);
    mkdirSync(join(world.at.zoneHome, '../out'));
    const [status, err] = await refusal(world, LAB);
    expect({ status, said: err.includes('or of one above it') }).toEqual({
      status: 24,
      said: true,
    });
  });
});

describe('below a zone CA with name constraints (RFC 5280 §4.2.1.10)', () => {
  let world: SubordinateWorld;

  beforeAll(async () => {
    const constraints = [
      ...['permitted;DNS:example.com', 'permitted;IP:10.0.0.0/255.0.0.0'],
      ...['permitted;email:example.com', 'excluded;DNS:secret.example.com'],
    ].join(',');
    world = await signedWith(
      `basicConstraints=critical,CA:TRUE\nnameConstraints=critical,${constraints}\n`,
    );
  });

  test.each([
    ['--permit-dns example.org', 'DNS example.org'],
    ['--permit-dns secret.example.com', 'DNS secret.example.com'],
    ['--permit-ip 192.0.2.0/24', 'IP 192.0.2.0'],
    ['--permit-email .example.com', 'e-mail .example.com'],
  ])('a subordinate CA with %s is refused', async (options, named) => {
    const [status, err] = await refusal(world, `${LAB} ${options}`);
    expect({ status, named: err.includes(named) }).toEqual({ status: 24, named: true });
  });

  test('a subordinate CA carries on what is said of the one above', async () => {
    await world.at.given([`${LAB} --permit-dns lab.example.com`]);
    const narrow = read(world);
    expect(narrow).toMatch(/Permitted:\s+DNS:lab.example.com\s+email:example.com\s+Excluded:/u);
    expect(narrow).toContain('DNS:secret.example.com');
    await world.at.given([LAB]);
    const free = read(world);
    expect(free).toMatch(/Permitted:\s+DNS:example.com\s+IP:10.0.0.0\/255.0.0.0/u);
    expect(verify(world)).toContain('OK');
  });

  test.each([
    ['--name svc.example.org --eku serverAuth', 24],
    ['--name svc.example.com --eku serverAuth', 0],
    ['--name agent --san ip:192.0.2.7', 24],
    ['--name agent --san ip:10.0.2.7', 0],
  ])('a certificate with %s ends with %i', async (options, wanted) => {
    const { status } = await world.at.run(`${ISSUE} ${options}`);
    expect(status).toBe(wanted);
    if (wanted === 0) expect(verify(world)).toContain('OK');
    const files = readFileSync(join(world.at.zoneHome, '../out/certificate.pem'), 'latin1');
    expect(files).toContain('BEGIN CERTIFICATE');
  });
});
