import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandLine } from '../support/command-line.js';
import { partnerRoot, pemOf } from '../support/partner-root.js';
import { requireTool } from '../support/tools.js';
import { runTool, trustBench, type TrustBench } from '../support/trust-bench.js';

let bench: TrustBench;
let at: CommandLine;

const file = (name: string): string => bench.file(name);
const text = (name: string): string => bench.text(name);
const whenTool = (name: string): typeof test | typeof test.skip =>
  requireTool(name) ? test : test.skip;

beforeEach(async () => {
  bench = await trustBench();
  ({ at } = bench);
});

describe('zmint truststore merge', () => {
  const merge = 'zmint truststore merge --out merged.pem';

  test('sources in order, each certificate once, comments kept, written once', async () => {
    writeFileSync(
      file('one.pem'),
      `# From the partner\n# asked 2026\n${bench.partner}\nplain name\n====\n${bench.other}`,
    );
    writeFileSync(
      file('two.pem'),
      `# the same again\n${bench.partner}${pemOf((await partnerRoot('Third')).certificate)}`,
    );
    const first = await at.run(`${merge} one.pem two.pem`);
    expect(first.out).toContain('Wrote 3 certificates from 2 sources');
    expect(text('merged.pem')).toBe(
      `# Made by zmint truststore merge: change the sources, not this file.

# From the partner
# asked 2026
${bench.partner}
# plain name
${bench.other}
# CN=Third
${text('two.pem').slice(text('two.pem').lastIndexOf('-----BEGIN'))}`,
    );
    const { mtimeMs, ino } = statSync(file('merged.pem'));
    const again = await at.run(`${merge} one.pem two.pem --json`);
    expect(again.json()).toMatchObject({ written: false, duplicates: 1 });
    expect(statSync(file('merged.pem'))).toMatchObject({ mtimeMs, ino });
    const merged = text('merged.pem');
    await at.given(['zmint truststore merge --out twice.pem merged.pem merged.pem']);
    expect(text('twice.pem')).toBe(merged);
    writeFileSync(file('two.pem'), bench.partner);
    expect((await at.run(`${merge} one.pem two.pem --json`)).json()).toMatchObject({
      written: true,
    });
    expect(text('merged.pem')).not.toContain('Third');
  });

  test('a source that is missing, empty, DER or damaged leaves everything as it is', async () => {
    await at.given([`${merge} partner.pem other.pem`]);
    const before = text('merged.pem');
    writeFileSync(file('empty.pem'), '\n');
    writeFileSync(file('der.pem'), new X509Certificate(bench.partner).raw);
    writeFileSync(file('cut.pem'), bench.partner.slice(0, 300));
    writeFileSync(file('bent.pem'), bench.partner.replace(/^MII/mu, 'MIJ'));
    for (const name of ['nowhere.pem', 'empty.pem', 'der.pem', 'cut.pem', 'bent.pem']) {
      const run = await at.run(`${merge} partner.pem ${name}`);
      expect({ name, status: run.status, named: run.err.includes(name) }).toEqual({
        name,
        status: 20,
        named: true,
      });
      expect(text('merged.pem')).toBe(before);
    }
    const lenient = await at.run(`${merge} partner.pem nowhere.pem empty.pem --allow-missing`);
    expect(lenient).toMatchObject({ status: 0, err: expect.stringContaining('is not there') });
    expect(text('merged.pem')).not.toContain(bench.other);
    const nothing = await at.run(`${merge} nowhere.pem --allow-missing`);
    expect(nothing).toMatchObject({ status: 20, err: expect.stringContaining('no certificate') });
  });

  test('keys never get in, and a file that somebody else made is not replaced by mistake', async () => {
    const live = join(at.zoneHome, 'servers/web1/security/live');
    writeFileSync(file('mixed.pem'), readFileSync(join(live, 'key.pem'), 'utf8') + bench.partner);
    const run = await at.run(`${merge} mixed.pem`);
    expect(run.err).toContain('left out, line 1 of');
    expect(text('merged.pem')).not.toContain('PRIVATE KEY');
    expect(await at.run('zmint truststore merge --out other.pem partner.pem')).toMatchObject({
      status: 2,
    });
    expect(text('other.pem')).toBe(bench.other);
    await at.given(['zmint truststore merge --out other.pem partner.pem --yes']);
    expect(text('other.pem')).toContain(bench.partner);
    const own = await at.run('zmint truststore merge --out merged.pem merged.pem partner.pem');
    expect(own).toMatchObject({ status: 2 });
  });

  test('what a policy names comes last: a file, then a folder', async () => {
    mkdirSync(file('more'));
    writeFileSync(file('more/b.pem'), bench.other);
    writeFileSync(file('more/a.crt'), pemOf((await partnerRoot('In A Folder')).certificate));
    writeFileSync(file('more/notes.txt'), 'nothing');
    const folder = file('more');
    const element = `<CurlSSL SSLNSPublicHttpsCertFingerprint="" SSLVerifyPeer="yes" SSLVerifyHost="no" CAInfo="${file('partner.pem')}" CAPath="${folder}"/>`;
    writeFileSync(file('policy.xml'), `<?xml version="1.0"?>\n<policy>${element}</policy>\n`);
    writeFileSync(
      file('policy.conf'),
      `verify-host = no\nca-file = ${file('partner.pem')}\nca-path = ${folder}\n`,
    );
    const policy = {
      verifyPeer: true,
      verifyHost: false,
      caFile: file('partner.pem'),
      caPath: folder,
    };
    for (const name of ['policy.xml', 'policy.conf']) {
      const run = await at.run(`${merge} other.pem --policy ${name} --json`);
      expect(run.status).toBe(0);
      expect(run.json()).toMatchObject({
        policy,
        certificates: [
          { subject: 'CN=Other Root' },
          { subject: 'CN=Partner Root' },
          { subject: 'CN=In A Folder' },
        ],
      });
      expect(run.err).toContain('verify-host = no');
    }
    writeFileSync(file('policy.conf'), 'verify-pear = no\n');
    const typo = await at.run(`${merge} other.pem --policy policy.conf`);
    expect(typo).toMatchObject({ status: 24, err: expect.stringContaining('line 1') });
  });

  whenTool('openssl')('openssl, curl and keytool read the merged file', async () => {
    await at.given([
      'zmint truststore export --to pem --out zone.pem',
      `${merge} partner.pem zone.pem`,
    ]);
    expect(bench.verify('-CAfile', file('merged.pem'), bench.served)).toContain(': OK');
    expect(statSync(file('merged.pem')).mode & 0o777).toBe(0o644);
    if (!requireTool('keytool')) return;
    expect(runTool('keytool', '-printcert', '-file', file('merged.pem'))).toContain(
      'CN=Partner Root',
    );
  });
});
