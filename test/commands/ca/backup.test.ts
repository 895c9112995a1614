import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { HOUR } from '../../../src/zone/instant.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';
import { seededRandom } from '../../support/seeded-random.js';
import { pictureOf } from '../../support/test-custody.js';

const BACK_UP = 'zmint ca backup zone.age --passphrase-file secret.txt --yes';
const RESTORE = 'zmint ca restore zone.age --server web1 --passphrase-file secret.txt --yes';

let at: CommandLine;

function lay(name: string, text: string): void {
  writeFileSync(beside(name), text, { mode: 0o600 });
}

function beside(name: string): string {
  return join(at.zoneHome, '..', name);
}

async function smallZone(): Promise<void> {
  at = commandLine();
  await at.given(SMALL_ZONE);
  lay('secret.txt', 'four words of peace\n');
}

describe('zmint ca backup', () => {
  beforeEach(smallZone);

  test('says that the file is verified, what it holds and what opens it', async () => {
    const { status, out, err } = await at.run(BACK_UP);
    expect(status).toBe(0);
    expect(out).toMatch(/^The backup is verified: it was read back, opened and compared\.\n/u);
    expect(out).toContain('generation 1, each has signed a test');
    expect(out).toContain('To restore  the file and the passphrase of the backup\n');
    expect(err).toContain('zmint ca backup verify FILE');
    const status2 = await at.run('zmint status');
    expect(status2.out).toContain('Backup   the last verified backup was made less than a minute');
  });

  test('in JSON, and verified again', async () => {
    const made = await at.run(`${BACK_UP} --json`);
    const facts = made.json();
    expect(facts).toMatchObject({ schema: 'zmint.ca-backup/1', verified: true, generations: [1] });
    const verify = 'zmint ca backup verify zone.age --passphrase-file secret.txt --json';
    expect((await at.run(verify)).json()).toMatchObject({
      schema: 'zmint.ca-backup-verify/1',
      verified: true,
      sha256: facts.sha256,
    });
  });

  test('asks twice on a terminal', async () => {
    const answers = [
      { to: /Back up the zone Example/u, keys: 'y\r' },
      { to: /New passphrase of the backup/u, keys: 'four words of peace\r' },
      { to: /The same again/u, keys: 'four words of war\r' },
    ];
    const differing = await at.run('zmint backup-ca zone.age', answers);
    expect(differing).toMatchObject({ status: 2 });
    expect(differing.err).toContain('the two passphrases differ');
    const same = answers.map((one) =>
      one.keys.endsWith('war\r') ? { ...one, keys: 'four words of peace\r' } : one,
    );
    expect(await at.run('zmint backup-ca zone.age', same)).toMatchObject({ status: 0 });
  });

  test.each([
    ['a short passphrase', 'too short', 24, 'fewer than 10 characters'],
    ['a file that is there', 'four words of peace', 24, 'is there already'],
    ['nobody to ask', undefined, 2, 'nobody is there to answer'],
  ])('%s is refused with nothing written', async (_why, passphrase, status, words) => {
    if (status === 24 && words.includes('there')) lay('zone.age', 'mine');
    if (passphrase !== undefined) lay('secret.txt', passphrase);
    const before = pictureOf(beside('.'));
    const line = passphrase === undefined ? 'zmint ca backup zone.age --yes' : BACK_UP;
    const ran = await at.run(line);
    expect(ran).toMatchObject({ status });
    expect(ran.err).toContain(words);
    expect(pictureOf(beside('.'))).toEqual(before);
  });

  test('--dry-run writes nothing', async () => {
    const before = pictureOf(beside('.'));
    const { status, err } = await at.run('zmint ca backup zone.age --dry-run');
    expect(status).toBe(0);
    expect(err).toContain('Plan: back up the zone Example');
    expect(pictureOf(beside('.'))).toEqual(before);
  });
});

describe('the CA is changed only with a fresh verified backup', () => {
  beforeEach(smallZone);

  test.each([
    ['zmint ssl remint --ca --yes'],
    ['zmint ca remint --yes'],
    ['zmint ca change --to internal --server web1 --no-passphrase --yes'],
  ])('%s is refused before the first write', async (line) => {
    const before = pictureOf(at.zoneHome);
    const refused = await at.run(line);
    if (refused.status === 24 && !line.includes('change')) {
      expect(refused.err).toContain('there is no verified backup of the zone');
      expect(refused.err).toContain('zmint: hint: zmint ca backup FILE');
    }
    expect(refused.status).toBe(24);
    expect(pictureOf(at.zoneHome)).toEqual(before);
  });

  test('a backup lets it go on for 24 hours, or as long as the settings say', async () => {
    await at.given([BACK_UP]);
    at.now += 25 * HOUR;
    expect(await at.run('zmint ssl remint --ca --yes')).toMatchObject({ status: 24 });
    const settings = { schema: 'zmint.settings/1', backup: { maxAgeHours: 48 } };
    writeFileSync(join(at.zoneHome, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
    const gone = await at.run('zmint ssl remint --ca --yes');
    expect(gone).toMatchObject({ status: 0 });
    expect(gone.err).toContain('the last verified backup was made 25 hours ago');
    const next = await at.run('zmint status');
    expect(next.out).toContain('before the newest CA of');
  });

  test('--dry-run shows the plan and that a backup is missing', async () => {
    const { status, err } = await at.run('zmint ssl remint --ca --dry-run');
    expect(status).toBe(0);
    expect(err).toContain('Plan: remint the CA');
    expect(err).toContain('Backup          missing, so this plan is not carried out');
    const json = (await at.run('zmint ssl remint --ca --dry-run --json')).json();
    expect(json.plan).toMatchObject({ backup: { suffices: false } });
  });

  test('--no-backup-check goes on by name, and belongs to the CA', async () => {
    expect(await at.run('zmint ssl remint --all --no-backup-check --yes')).toMatchObject({
      status: 2,
    });
    expect(await at.run('zmint ssl remint --ca --no-backup-check --yes')).toMatchObject({
      status: 0,
    });
  });
});

describe('zmint ca restore', () => {
  beforeAll(async () => {
    await smallZone();
    await at.given([BACK_UP]);
  });

  test('with a wrong passphrase it ends with 12 and changes nothing', async () => {
    lay('wrong.txt', 'four words of war\n');
    const before = pictureOf(beside('.'));
    const ran = await at.run(RESTORE.replace('secret', 'wrong'));
    expect(ran).toMatchObject({ status: 12 });
    expect(pictureOf(beside('.'))).toEqual(before);
  });

  test('20 changed backups are each refused with nothing changed', async () => {
    const random = seededRandom(7);
    const sound = readFileSync(beside('zone.age'));
    const before = pictureOf(at.zoneHome);
    for (let round = 0; round < 20; round += 1) {
      const changed = Uint8Array.from(sound);
      const place = Math.floor(random() * (round < 5 ? 200 : changed.length));
      changed[place] = (changed[place] ?? 0) ^ (1 + Math.floor(random() * 255));
      lay('changed.age', '');
      writeFileSync(beside('changed.age'), changed);
      const { status } = await at.run(RESTORE.replace('zone.age', 'changed.age'));
      expect([12, 19]).toContain(status);
      expect(pictureOf(at.zoneHome)).toEqual(before);
    }
  });

  test('says where the zone of before is, and to whom the CA role went', async () => {
    const { status, out, err } = await at.run(RESTORE);
    expect(status).toBe(0);
    expect(out).toContain('The zone Example is restored.');
    expect(out).toContain('CA role    web1');
    expect(out).toContain('$ZONE.before-restore-20261121T120000Z');
    expect(err).toContain('zmint ssl resume');
    expect((await at.run('zmint doctor')).status).toBe(0);
    expect((await at.run('zmint ssl verify')).out).not.toContain('differs');
    const again = await at.run(RESTORE);
    expect(again.status).toBe(0);
    expect(again.out).toContain('was restored from this backup already');
  });

  test.each([
    ['a server that is not there', RESTORE.replace('web1', 'web9'), 16],
    ['a file that is not there', RESTORE.replace('zone.age', 'none.age'), 17],
    ['nobody who says yes', RESTORE.replace(' --yes', ''), 2],
  ])('%s', async (_why, line, status) => {
    expect(await at.run(line)).toMatchObject({ status });
  });
});
