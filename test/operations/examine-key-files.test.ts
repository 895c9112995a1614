import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SMALL_ZONE, SUBORDINATE_ZONE } from '../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../support/command-line.js';

const ONE = 'servers/ca1/certificate-authority/1/key.enc';

describe('doctor looks into the key files of the CA without a passphrase', () => {
  let at: CommandLine;
  let other: CommandLine;
  let sound = '';

  const path = (): string => join(at.zoneHome, ONE);

  beforeAll(async () => {
    [at, other] = [commandLine(), commandLine()];
    for (const each of [at, other]) await each.given(SMALL_ZONE);
    sound = readFileSync(path(), 'utf8');
  });

  beforeEach(() => {
    writeFileSync(path(), sound);
  });

  test('and finds nothing where nothing is wrong', async () => {
    expect((await at.run('zmint doctor')).status).toBe(0);
  });

  const DAMAGES: readonly (readonly [what: string, damage: () => string | Uint8Array])[] = [
    ['garbage', () => new Uint8Array(300).fill(0xa5)],
    ['nothing', () => ''],
    ['half of it', () => sound.slice(0, sound.length / 2)],
    ['another letter of the locked key', () => altered('"ciphertext":"')],
    ['another letter of the tag', () => altered('"tag":"')],
    ['that of another zone', () => readFileSync(join(other.zoneHome, ONE))],
  ];

  function altered(before: string): string {
    const place = sound.indexOf(before) + before.length;
    const letter = sound[place] === 'A' ? 'B' : 'A';
    return sound.slice(0, place) + letter + sound.slice(place + 1);
  }

  test.each(DAMAGES)('%s', async (_what, damage) => {
    writeFileSync(path(), damage());
    const { status, json } = await at.run('zmint doctor --json');
    const { findings } = json() as { findings: readonly { severity: string; message: string }[] };
    expect(status).toBe(19);
    expect(findings.filter(({ severity }) => severity === 'problem')).toMatchObject([
      {
        examination: 'ca-key',
        code: 'damaged',
        message: expect.stringContaining(`$ZONE/${ONE}`),
        mend: 'put it back from a backup; if there is none: zmint ssl remint --ca --compromised --no-backup-check',
      },
    ]);
  });

  test('those of a CA that is being replaced too', async () => {
    const remint = 'zmint ssl remint --ca --no-backup-check --activate-at 14d --yes';
    await at.given([remint]);
    writeFileSync(path().replace('/1/', '/2/'), 'garbage\n');
    const { status, out } = await at.run('zmint doctor');
    expect(status).toBe(19);
    expect(out).toContain('put it back from a backup; if there is none: zmint ssl cancel');
  });

  test('and that of a CA that waits for its certificate', async () => {
    const waiting = commandLine();
    await waiting.given(SUBORDINATE_ZONE);
    expect((await waiting.run('zmint doctor')).out).not.toContain('is not what was written');
    writeFileSync(join(waiting.zoneHome, ONE.replace('ca1', 'web1')), 'garbage\n');
    const { status, out } = await waiting.run('zmint doctor');
    expect(status).toBe(19);
    expect(out).toContain('is not what was written');
  });
});
