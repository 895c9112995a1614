import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import { ZmintError } from '../../src/errors.js';
import { examineZone } from '../../src/operations/examine-zone.js';
import { executeCancel, planCancel } from '../../src/operations/cancel-request.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import { EXAMINATIONS, type Finding } from '../../src/zone/finding.js';
import { DAY, HOUR } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone, remint, type TestWorld } from '../support/test-zone.js';

const WEB1 = { name: 'web1', dnsName: 'web1.example.com' };

async function zone(): Promise<TestWorld> {
  const at = { zoneHome: join(temporaryFolder(), 'zone'), now: NOON, passphrase: 'correct horse' };
  await makeTestZone(at, [WEB1]);
  return at;
}

function home(at: TestWorld, name: string, ...rest: readonly string[]): string {
  return join(at.zoneHome, 'servers', name, ...rest);
}

async function examine(at: TestWorld): Promise<readonly Finding[]> {
  const ctx = await openTestZone(at);
  try {
    return await examineZone(ctx, undefined, at.now);
  } finally {
    ctx.store.close();
  }
}

function problemsOf(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'problem')
    .map(({ examination, code }) => `${examination} ${code ?? ''}`);
}

describe('examining a zone', () => {
  test('finds nothing wrong with a fresh one, and says that nobody can look from outside', async () => {
    const findings = await examine(await zone());
    expect(new Set(findings.map(({ examination }) => examination))).toEqual(new Set(EXAMINATIONS));
    const told = findings.filter(({ severity }) => severity !== 'ok');
    expect(told.map(({ examination, severity }) => [examination, severity])).toEqual([
      ['backup', 'notice'],
      ['probes', 'notice'],
    ]);
  });

  test('works when everything has expired', async () => {
    const at = await zone();
    const findings = await examine({ ...at, now: NOON + 11 * 365 * DAY });
    expect(problemsOf(findings)).toEqual([
      'ca not-valid-then',
      'servers not-valid-then',
      'servers not-valid-then',
    ]);
    expect(findings.find(({ examination }) => examination === 'ca')?.mend).toBe(
      'zmint ssl remint --ca',
    );
    const clock = findings.find(({ examination }) => examination === 'clock');
    expect(clock).toMatchObject({ severity: 'notice', mend: 'look at the clock: timedatectl' });
  });

  test('a clock that was set back is a problem', async () => {
    const at = await zone();
    expect(problemsOf(await examine({ ...at, now: NOON - DAY }))).toContain('clock not-valid-then');
  });

  const breakages: readonly (readonly [string, (at: TestWorld) => void, readonly string[]])[] = [
    [
      "another server's key",
      (at) => {
        cpSync(home(at, 'ca1', 'security/live/key.der'), home(at, 'web1', 'security/live/key.der'));
      },
      ['servers key-mismatch'],
    ],
    [
      'a set without its key',
      (at) => {
        rmSync(home(at, 'web1', 'security/live/key.der'));
      },
      ['servers damaged'],
    ],
    [
      'live points nowhere',
      (at) => {
        rmSync(home(at, 'web1', 'security/live'));
      },
      ['servers damaged'],
    ],
    [
      'live is no link of ours',
      (at) => {
        rmSync(home(at, 'web1', 'security/live'));
        symlinkSync('/etc', home(at, 'web1', 'security/live'));
      },
      ['homes unsafe-path', 'servers unsafe-path'],
    ],
    [
      'a home that others can write to',
      (at) => {
        chmodSync(home(at, 'web1'), 0o777);
      },
      ['homes unsafe-path', 'servers unsafe-path', 'remint-repo unsafe-path'],
    ],
    [
      'another root in the bundle of a set',
      (at) => {
        writeFileSync(
          home(at, 'web1', 'security/live/ca.cert'),
          readFileSync(home(at, 'web1', 'security/live/server.cer')),
        );
      },
      ['servers damaged'],
    ],
    [
      'garbage in place of a certificate',
      (at) => {
        writeFileSync(home(at, 'web1', 'security/live/server.cer'), 'not a certificate\n');
      },
      ['servers unreadable'],
    ],
    [
      'a trust store that was edited',
      (at) => {
        writeFileSync(join(at.zoneHome, 'truststore/cacerts.pem'), '');
      },
      ['trust-store damaged'],
    ],
    [
      'a CA key that is gone',
      (at) => {
        renameSync(home(at, 'ca1', 'certificate-authority'), home(at, 'ca1', 'gone'));
      },
      ['ca-key damaged'],
    ],
    [
      'a key that others can read',
      (at) => {
        chmodSync(home(at, 'web1', 'security/live/key.pem'), 0o644);
      },
      ['servers unsafe-path'],
    ],
  ];

  test.each(breakages)('%s', async (_what, breakIt, problems) => {
    const at = await zone();
    breakIt(at);
    const findings = await examine(at);
    expect(problemsOf(findings)).toEqual(problems);
    expect(new Set(findings.map(({ examination }) => examination)).size).toBe(EXAMINATIONS.length);
    for (const { severity, mend } of findings)
      expect(severity === 'problem' && (mend === null || mend === 'zmint doctor')).toBe(false);
  });

  test('ssl resume mends the trust store', async () => {
    const at = await zone();
    const file = join(at.zoneHome, 'truststore/cacerts.pem');
    const before = readFileSync(file);
    writeFileSync(file, '');
    const ctx = await openTestZone(at);
    await resumeOperations(ctx, NOON);
    ctx.store.close();
    expect(readFileSync(file)).toEqual(before);
  });

  test('the link that it prints mends a live link', async () => {
    const at = await zone();
    const live = home(at, 'web1', 'security/live');
    rmSync(live);
    const [found] = (await examine(at)).filter(({ severity }) => severity === 'problem');
    expect(found?.mend).toBe(`ln -sfn generations/1 ${live}, then reload it`);
    symlinkSync('generations/1', live);
    expect(problemsOf(await examine(at))).toEqual([]);
  });

  test('tells leftovers and placed sets as notices', async () => {
    const at = await zone();
    cpSync(home(at, 'web1', 'security/generations/1'), home(at, 'web1', 'security/generations/7'), {
      recursive: true,
    });
    mkdirSync(home(at, 'ca1', 'certificate-authority/9'), { mode: 0o700 });
    cpSync(
      home(at, 'ca1', 'certificate-authority/1/key.enc'),
      home(at, 'ca1', 'certificate-authority/9/key.enc'),
    );
    for (const name of ['server.cer', 'key.der'])
      cpSync(home(at, 'ca1', 'security/live', name), home(at, 'web1', 'remint-repo', name));
    const findings = await examine(at);
    expect(problemsOf(findings)).toEqual([]);
    const notices = findings.filter(({ severity }) => severity === 'notice');
    expect(notices.map(({ examination, mend }) => [examination, mend])).toEqual([
      ['ca-key', `rm -r ${home(at, 'ca1', 'certificate-authority/9')}`],
      ['backup', 'zmint ca backup FILE'],
      ['homes', `rm -r ${home(at, 'web1', 'security/generations/7')}`],
      ['remint-repo', 'zmint ssl remint web1'],
      ['probes', 'zmint server set ca1 --probe HOST:PORT'],
    ]);
  });

  test('judges waiting sets at their instant, and leaves nothing to say after a cancel', async () => {
    const at = await zone();
    const ctx = await openTestZone(at);
    await remint(ctx, { ca: true, activateAt: { when: 'at', instant: NOON + 24 * HOUR } });
    const armed = await examineZone(ctx, undefined, NOON);
    expect(problemsOf(armed)).toEqual([]);
    expect(armed.find(({ examination }) => examination === 'future-sets')?.message).toBe(
      '2 sets fit for activation',
    );
    const key = home(at, 'web1', 'security/generations/3/key.der');
    const kept = readFileSync(key);
    writeFileSync(key, 'no key');
    expect(problemsOf(await examineZone(ctx, undefined, NOON))).toEqual(['future-sets unreadable']);
    writeFileSync(key, kept);
    await executeCancel(ctx, await planCancel(ctx, { members: [] }, NOON));
    const cancelled = await examineZone(ctx, undefined, NOON);
    expect(problemsOf(cancelled)).toEqual([]);
    expect(cancelled.filter(({ severity }) => severity === 'notice')).toHaveLength(2);
    ctx.store.close();
  });

  test('names who is writing, and what it could not look at', async () => {
    const at = await zone();
    const ctx = await openTestZone(at);
    const writer = { command: 'ssl remint', pid: 4711, since: NOON };
    const named = await examineZone(ctx, writer, NOON);
    expect(named.find(({ examination }) => examination === 'writer')).toMatchObject({
      severity: 'notice',
      message: 'zmint ssl remint is changing the zone: process 4711, since 2026-11-21T12:00:00Z',
    });
    const unsafe = new ZmintError('unsafe-path', 'lock.db is open to others', { hint: 'chmod' });
    expect(problemsOf(await examineZone(ctx, unsafe, NOON))).toEqual(['writer unsafe-path']);
    ctx.store.close();
  });

  test('an altered row hides only what cannot be told without it', async () => {
    const at = await zone();
    const database = new Database(join(at.zoneHome, 'zone.db'));
    database.exec("UPDATE certificates SET subject = 'CN=evil' WHERE purpose = 'server'");
    database.exec("UPDATE audit_events SET actor = 'mallory' WHERE sequence = 3");
    database.close();
    const findings = await examine(at);
    const problems = problemsOf(findings);
    expect(problems).toContain('database damaged');
    expect(problems).toContain('events damaged');
    expect(findings.find(({ examination }) => examination === 'events')?.message).toBe(
      'the audit log breaks at event 3 (altered)',
    );
    const skipped = findings.filter(({ message }) => message.startsWith('not looked at'));
    expect(skipped.map(({ examination }) => examination)).toEqual([
      'ca',
      'crls',
      'servers',
      'future-sets',
    ]);
    expect(findings.find(({ examination }) => examination === 'trust-store')?.severity).toBe('ok');
    expect(findings.find(({ examination }) => examination === 'homes')?.severity).toBe('ok');
  });
});
