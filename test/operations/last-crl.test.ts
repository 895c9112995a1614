import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../commands/ssl/given.js';
import { executeCrls, planCrls } from '../../src/operations/make-crls.js';
import { executeRetire, planRetire } from '../../src/operations/retire-request.js';
import type { OperationContext } from '../../src/ports/context.js';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { crashEverywhere } from '../support/crash-loop.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint } from '../support/test-zone.js';
import { entry } from '../support/zone-rows.js';

const REMINT = 'zmint ssl remint --ca --activate-at now --no-backup-check --yes';

describe('a retirement that makes the last CRL of the old CA', () => {
  let at: CommandLine;

  /** Each run of a command adds its word and the lists that it finds. */
  function reads(word: string, server: string): string {
    const file = join(at.zoneHome, 'servers', server, 'security/crl.pem');
    return `(echo ${word}; sha256sum < ${file}) >> ${join(at.zoneHome, '../told')}`;
  }

  function told(): readonly string[] {
    return readFileSync(join(at.zoneHome, '../told'), 'utf8').trim().split('\n');
  }

  const words = (): readonly string[] => told().filter((line) => /^[a-z\d]+$/u.test(line));

  beforeEach(async () => {
    at = commandLine();
    await at.given([
      ...SMALL_ZONE,
      'zmint server add web2 --dns web2.example.com --yes',
      'zmint server add late --dns late.example.com --no-mint --yes',
      'zmint ca crl --yes',
      REMINT,
      `zmint server set web1 --reload "${reads('web1', 'web1')}" --yes`,
      `zmint server set web2 --reload "${reads('web2', 'web2')}" --yes`,
      `zmint server set late --reload "${reads('late', 'late')}" --yes`,
    ]);
    rmSync(join(at.zoneHome, '../told'), { force: true });
  });

  test('reloads each server once, which then reads it', async () => {
    await at.given(['zmint ssl retire --yes']);
    expect([...words()].sort()).toEqual(['late', 'web1', 'web2']);
    const { json } = await at.run('zmint event list --json');
    const { events } = json() as { events: readonly { what: string; details: object }[] };
    expect(events.filter(({ what }) => what === 'crls-published').at(-1)?.details).toEqual({
      members: 4,
      failed: [],
      reloaded: 3,
      unreloaded: [],
    });
    const digests = told().filter((line) => line.endsWith('-'));
    expect(new Set(digests).size).toBe(1);
    await at.given(['zmint ssl resume']);
    expect(words()).toHaveLength(3);
  });

  test('a server that does not take its set is told of it all the same', async () => {
    const failing = `${reads('web2', 'web2')}; exit 3`;
    await at.given([`zmint server set web2 --reload "${failing}" --yes`]);
    rmSync(join(at.zoneHome, '../told'), { force: true });
    expect((await at.run('zmint ssl retire --yes')).status).toBe(40);
    expect(
      words()
        .filter((word) => word !== 'web2')
        .sort(),
    ).toEqual(['late', 'web1']);
    const { json } = await at.run('zmint event list --json');
    const { events } = json() as { events: readonly { what: string; details: object }[] };
    expect(events.filter(({ what }) => what === 'crls-published').at(-1)?.details).toMatchObject({
      reloaded: 2,
    });
  });
});

async function retire(ctx: OperationContext): Promise<void> {
  await executeRetire(ctx, await planRetire(ctx, NOON));
}

async function makeLists(ctx: OperationContext): Promise<void> {
  const plan = await planCrls(ctx, { days: null, due: null, reload: false }, NOON);
  if (plan === undefined) throw new Error('no CRL is due');
  await executeCrls(ctx, plan);
}

test('a crash before and after every effect of it: every server has read the list in the end (I-11)', async () => {
  const zoneHome = join(temporaryFolder(), 'zone');
  const start = join(temporaryFolder(), 'zone');
  const web1 = join(zoneHome, 'servers/web1');
  const reload = `cp ${web1}/security/crl.pem ${web1}/read.pem`;
  await makeTestZone({ zoneHome: start, now: NOON }, [
    { name: 'web1', dnsName: 'web1.example.com', reload: 'true' },
  ]);
  const ctx = await openTestZone({ zoneHome: start, now: NOON });
  await makeLists(ctx);
  await remint(ctx, { ca: true });
  const [server] = (await ctx.store.members()).filter(({ name }) => name === 'web1');
  if (server === undefined) throw new Error('web1 is gone');
  await ctx.store.commit(entry(), [{ type: 'put-members', members: [{ ...server, reload }] }]);
  ctx.store.close();
  const count = await crashEverywhere({
    ...{ start, zoneHome, now: NOON, servers: ['ca1', 'web1'], work: retire },
    check: async (later) => {
      const [operation] = await later.store.operations();
      if (operation?.phase === 'active') await retire(later);
      const issuers = await later.store.crlIssuers();
      expect(issuers.map(({ published }) => published)).toEqual(issuers.map(() => true));
      expect(readFileSync(join(web1, 'read.pem'), 'latin1')).toBe(
        readFileSync(join(web1, 'security/crl.pem'), 'latin1'),
      );
    },
  });
  expect(count.effects).toBeGreaterThan(30);
}, 240_000);
