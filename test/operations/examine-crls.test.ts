import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';

describe('doctor looks into security/crl.pem of each member', () => {
  let at: CommandLine;
  let path = '';
  let former = '';
  let present = '';

  beforeAll(async () => {
    at = commandLine();
    await at.given([...SMALL_ZONE, 'zmint ca crl --yes']);
    path = join(at.zoneHome, 'servers/web1/security/crl.pem');
    former = readFileSync(path, 'utf8');
    await at.given(['zmint ca crl --yes']);
    present = readFileSync(path, 'utf8');
  });

  const CONTENTS: readonly (readonly [what: string, content: () => string, fits: boolean])[] = [
    ['the list in force', () => present, true],
    ['one that has ended before it', () => former + present, true],
    ['one that has ended behind it', () => present + former, true],
    ['the one before', () => former, false],
    ['nothing', () => '', false],
    ['all but its last letter', () => present.slice(0, -2), false],
    ['all but its first letter', () => present.slice(1), false],
    ['another letter', () => present.replace(/M/u, 'N'), false],
    ['its beginning before it', () => present.slice(0, 200) + present, true],
    ['its halves the wrong way round', () => present.slice(200) + present.slice(0, 200), false],
  ];

  test.each(CONTENTS)('%s', async (_what, content, fits) => {
    writeFileSync(path, content(), { mode: 0o600 });
    const { status, out } = await at.run('zmint doctor');
    const told = out.includes('security/crl.pem of 1 member is not what is in force: web1');
    expect({ status, told }).toEqual({ status: fits ? 0 : 19, told: !fits });
  });

  test('no file', async () => {
    rmSync(path);
    expect((await at.run('zmint doctor')).status).toBe(19);
  });
});
