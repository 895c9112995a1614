import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SMALL_ZONE } from '../../../commands/ssl/given.js';
import { commandLine, type CommandLine } from '../../support/command-line.js';

const DAY = 86_400;

async function smallZone(...more: readonly string[]): Promise<CommandLine> {
  const at = commandLine();
  await at.given([...SMALL_ZONE, ...more]);
  return at;
}

function live(at: CommandLine, name: string): string {
  return readlinkSync(join(at.zoneHome, 'servers', name, 'security/live'));
}

describe('zmint ssl remint', () => {
  test('shows the plan of a new CA to a tired person', async () => {
    const at = await smallZone(
      'zmint server set web1 --add-dns www.example.com --ip 192.0.2.7 --reload true --yes',
      'zmint device add phone1 --kind mobile --yes',
    );
    const { status, out, err } = await at.run(
      'zmint ssl remint --ca --include-dns --activate-at 2026-12-05T22:00:00+01:00 --dry-run',
    );
    const done = 'Nothing was changed: this was a dry run.\n';
    expect({ status, out }).toEqual({ status: 0, out: done });
    expect(err).toBe(`Plan: remint the CA and 2 server certificates, re-key (new keys)

New CA          CN=Example G2
Generation      2, after 1
CA key          ec:P-256, a new key: a re-key (RFC 3647)
CA valid until  2036-11-21 10:59:59 +00:00 (2036-11-21T10:59:59Z)
Old and new     cross-certificates NewWithOld and OldWithNew: clients that know
                only the old root and clients that know only the new one reach
                every server
Activation      2026-12-05 21:00:00 +00:00 (2026-12-05T21:00:00Z)
Gate            date: activation comes at its instant, whether or not every
                member has reported
Reloads         1 server, twice each: in this run, when the new trust is staged,
                and at activation; no reload command, so it must read its files
                again by itself: ca1
Devices         1 must learn the new trust: phone1; zmint reaches no folder of
                1: they get it by the rescue kit
Update          Remint CA of Example 2026-11-21
Backup          missing, so this plan is not carried out: there is no verified
                backup of the zone; make one (zmint ca backup FILE), or say
                --no-backup-check

Server  Name in it        Key            Valid until  Replaced ends
ca1     ca1.example.com   ec:P-256, new  2027-11-21   2027-11-21
web1    web1.example.com  ec:P-256, new  2027-11-21   2027-11-21

Further names
web1  www.example.com, 192.0.2.7

`);
    expect(readdirSync(join(at.zoneHome, 'servers/web1/security/generations'))).toEqual(['1']);
    expect(await at.run('zmint ssl resume')).toMatchObject({ out: 'Nothing waits.\n' });
  });

  test('a renewal and the end of what is replaced are said in words', async () => {
    const at = await smallZone();
    at.now += 400 * DAY;
    const { err } = await at.run('zmint ssl remint web1 --keep-key --years 3 --dry-run');
    expect(err).toContain('Plan: remint 1 server certificate, renewal (the same keys)\n');
    expect(err).toContain('Activation  Immediate, in this run: what is replaced has expired\n');
    expect(err).toContain(
      'web1    web1.example.com  ec:P-256, same  2030-12-26   2027-11-21 expired',
    );
    expect(err).toContain('Warnings\n- what is replaced has expired: activation is Immediate\n');
    expect(err).toContain('- web1: mobile devices refuse certificates of more than 2 years\n');
  });

  test('a compromised CA: who loses contact and how each comes back', async () => {
    const at = await smallZone('zmint device add phone1 --kind mobile --yes');
    const { err } = await at.run('zmint ssl remint --ca --compromised --dry-run');
    expect(err).toContain('no cross-certificate: the old key is compromised');
    expect(err).toContain(
      'These lose contact\n- /Devices/Workstations/phone1: trusts only the old root, which must not vouch\n  for the new one; to bring it back, run install-trust.sh',
    );
    const { status, err: told } = await at.run(
      'zmint ssl remint --ca --no-backup-check --compromised --yes --quiet',
    );
    expect({ status, told }).toEqual({ status: 0, told: '' });
  });

  test('the plan for scripts', async () => {
    const at = await smallZone();
    const { json, err } = await at.run(
      'zmint ssl remint web1 --key-length 3072 --activate-at 36h --update-name Spring --dry-run --json',
    );
    expect(err).toBe('');
    expect(json()).toMatchObject({
      schema: 'zmint.ssl-remint/1',
      dryRun: true,
      due: ['web1'],
      plan: {
        kind: 'server-remint',
        authority: null,
        activation: { when: 'at', instant: '2026-11-23T00:00:00Z' },
        updateName: 'Spring',
        servers: [
          {
            name: 'web1',
            keySpec: 'rsa:3072',
            validity: { notBefore: '2026-11-21T11:00:00Z', notAfter: '2027-11-21T10:59:59Z' },
            replacedEnds: '2027-11-21T10:59:59Z',
          },
        ],
      },
    });
  });

  test('a server is reminted and activated in one run', async () => {
    const at = await smallZone();
    const { status, out, err } = await at.run('zmint ssl remint web1 --yes');
    expect({ status, out }).toEqual({
      status: 0,
      out: `Operation  op-1 "Remint 1 server certificate of Example 2026-11-21"
Phase      done

Member  State             Evidence
web1    Update Completed  files (no probe configured)
`,
    });
    expect(err).toContain('\nnext: zmint ssl rollback is the way back\n');
    expect(live(at, 'web1')).toBe('generations/2');
    expect(live(at, 'ca1')).toBe('generations/1');
  });

  test('nothing due is no error', async () => {
    const at = await smallZone();
    expect(await at.run('zmint ssl remint --due 30d')).toMatchObject({
      status: 0,
      out: 'Nothing is due.\n',
      err: '',
    });
    const { json } = await at.run('zmint ssl remint --ca --due 30d --json');
    expect(json()).toMatchObject({ due: [], plan: null });
    at.now += 340 * DAY;
    const due = await at.run('zmint ssl remint --due 30d --dry-run --json');
    expect(due.json()).toMatchObject({ due: ['ca1', 'web1'] });
  });

  test('many servers are cut, --verbose shows all', async () => {
    const at = await smallZone();
    const more = Array.from({ length: 22 }, (_, index) => `n${index + 1}`);
    await at.given(
      more.map((name) => `zmint server add ${name} --dns ${name}.example.com --no-mint --yes`),
    );
    const cut = await at.run('zmint ssl remint --all --dry-run');
    expect(cut.err).toContain('Plan: remint 24 server certificates');
    expect(cut.err).toContain('… and 4 more (--verbose shows all)\n');
    const whole = await at.run('zmint ssl remint --all --dry-run --verbose');
    expect(whole.err.match(/^n\d+ /gmu)).toHaveLength(22);
  });

  test('a reload command that fails: its own status for one server, 40 for several', async () => {
    const at = await smallZone(
      'zmint server set web1 --reload "echo no; false" --yes',
      'zmint server add web2 --dns web2.example.com --yes',
    );
    const one = await at.run('zmint ssl remint web1 --yes');
    expect(one.status).toBe(32);
    expect(one.out).toContain('web1    Error\n');
    expect(one.out).toContain(
      '1 problem:\nweb1: the reload command of web1 ended with status 1: no',
    );
    expect(one.err).toContain(
      'next: mend what is listed, then zmint ssl activate tries those again',
    );
    expect(one.err).toContain('next: zmint ssl cancel gives it up');
    expect(live(at, 'web1')).toBe('generations/1');
    await at.given(['zmint ssl cancel --yes']);
    const several = await at.run('zmint ssl remint web1 web2 --yes --json');
    expect(several.status).toBe(40);
    expect(several.json()).toMatchObject({
      operation: { phase: 'activating' },
      open: 1,
      failed: ['web1'],
      members: [
        { name: 'web1', state: 'error', problem: { code: 'reload-failed' } },
        { name: 'web2', state: 'update-completed', evidence: 'files', problem: null },
      ],
    });
    await at.given([`zmint server set web1 --reload true --yes`]);
    expect(await at.run('zmint ssl activate --yes')).toMatchObject({ status: 0 });
    expect(live(at, 'web1')).not.toBe('generations/1');
  });

  test('a probe that nobody answers ends with 30', async () => {
    const at = await smallZone('zmint server set web1 --probe 127.0.0.1:1 --yes');
    const { status, out } = await at.run('zmint ssl remint web1 --yes');
    expect(status).toBe(30);
    expect(out).toContain('the set from before is live again');
  }, 90_000);

  test('is refused while a remint of the CA runs', async () => {
    const at = await smallZone('zmint ssl remint --ca --no-backup-check --activate-at 14d --yes');
    expect(await at.run('zmint ssl remint web1 --yes')).toMatchObject({
      status: 13,
      err: 'zmint: error: op-1, a remint of the CA, is armed\nzmint: hint: zmint status\n',
    });
  });

  test.each([
    ['', 2, 'which certificates are to be reminted?'],
    ['--key rsa:2048', 2, 'which certificates are to be reminted?'],
    ['web1 --all', 2, '--all and the names of servers contradict each other'],
    ['web1 --ca', 2, '--ca remints every server; name none'],
    ['web1 --key ec:P-256 --key-length 2048', 2, 'say the same thing twice'],
    ['web1 --key-length 1024', 2, 'there is no key type "rsa:1024"'],
    ['web1 --keep-key --key rsa:2048', 2, 'contradict each other'],
    ['web1 --compromised', 2, '--compromised goes with --ca'],
    ['--ca --compromised --keep-key', 2, 'a compromised key cannot be kept'],
    ['--all --common-name x.example.com', 2, '--common-name is for one server only'],
    ['web1 --years 11', 2, 'no whole number from 1 to 10'],
    ['web1 --policy never', 2, 'is not one of date, gate'],
    ['web1 --activate-at yesterday', 2, '"yesterday" is no moment'],
    ['web1 --activate-at 2026-11-20T00:00:00Z', 23, 'has passed'],
    ['web1 --activate-at 2040-01-01T00:00:00Z', 23, 'is not before the end of the current CA'],
    ['nobody', 16, 'there is no member "nobody"'],
    ['web1', 2, 'nobody is there to answer "Remint web1?"'],
  ])('zmint ssl remint %s ends with %d', async (words, status, said) => {
    const at = await smallZone();
    const ran = await at.run(`zmint ssl remint ${words}`);
    expect({ status: ran.status, said: ran.err.includes(said) }).toEqual({ status, said: true });
    expect(live(at, 'web1')).toBe('generations/1');
    expect(await at.run('zmint ssl resume')).toMatchObject({ out: 'Nothing waits.\n' });
  });

  test('ca remint means the CA', async () => {
    const at = await smallZone();
    const { json } = await at.run('zmint ca remint --dry-run --json');
    expect(json()).toMatchObject({ plan: { kind: 'ca-remint' } });
  });

  test('without a zone it ends with 10', async () => {
    expect(await commandLine().run('zmint ssl remint --all --yes')).toMatchObject({ status: 10 });
  });
});

const MENU = `Choose an option?
1-(*) Remint Primary Server Certificate
2-< > Remint both CA and Primary Server Certificate

Enter a value (1 - 2) to change the selection state. Pressing the Enter key
without entering a number finalizes your selections:
`;

describe('zmint ssl remint, bare on a terminal', () => {
  test('shows the menu that the manuals print', async () => {
    const at = await smallZone();
    writeFileSync(join(at.zoneHome, '../secret.txt'), 'four words of peace', { mode: 0o600 });
    await at.given(['zmint ca backup zone.age --passphrase-file secret.txt --yes']);
    const { status, err } = await at.run('zmint ssl remint', [
      { to: /=/u, keys: '2\r' },
      { to: /=/u, keys: '\r' },
      { to: /Activate when/u, keys: '\r' },
      { to: /Remint the CA and 2 servers/u, keys: 'y\r' },
    ]);
    expect(status).toBe(0);
    expect(err.startsWith(MENU)).toBe(true);
    expect(err).toContain(
      '1-< > Remint Primary Server Certificate\n2-(*) Remint both CA and Primary Server Certificate\n',
    );
    expect(live(at, 'web1')).toBe('generations/3');
  });

  test('asks which servers and when', async () => {
    const at = await smallZone();
    const { status, err } = await at.run('zmint ssl remint', [
      { to: /=/u, keys: '\r' },
      { to: /All 2 servers/u, keys: 'n\r' },
      { to: /Which servers/u, keys: '\u001b[B \r' },
      { to: /Activate when/u, keys: '36h\r' },
      { to: /Remint web1\?/u, keys: 'y\r' },
    ]);
    expect(status).toBe(0);
    expect(err).toContain('Activation  2026-11-23 00:00:00 +00:00 (2026-11-23T00:00:00Z)\n');
    expect(live(at, 'web1')).toBe('generations/1');
  });

  test('no server chosen changes nothing', async () => {
    const at = await smallZone();
    const { status, err } = await at.run('zmint ssl remint', [
      { to: /=/u, keys: '\r' },
      { to: /All 2 servers/u, keys: 'n\r' },
      { to: /Which servers/u, keys: '\r' },
    ]);
    expect(status).toBe(130);
    expect(err).toContain('no server was chosen; nothing was changed');
  });
});

describe('while the question is open', () => {
  const remint = (keys: string, before: () => Promise<unknown>) => [
    { to: /Remint web1\?/u, keys, before },
  ];

  test('a zone that changes outdates the plan', async () => {
    const at = await smallZone();
    const { status, err } = await at.run(
      'zmint ssl remint web1',
      remint('y\r', () => at.given(['zmint device add phone1 --yes'])),
    );
    expect(status).toBe(13);
    expect(err).toContain('the zone has changed since this plan was shown');
    expect(err).toContain('hint: run the command again to see the new plan');
    expect(live(at, 'web1')).toBe('generations/1');
  });

  test('others can work, and what counts is the clock of the answer', async () => {
    const at = await smallZone();
    const { status } = await at.run(
      'zmint ssl remint web1 --activate-at 1h',
      remint('y\r', () => {
        at.now += 2 * 3600;
        return Promise.resolve();
      }),
    );
    expect(status).toBe(23);
    expect(await at.run('zmint ssl resume')).toMatchObject({ out: 'Nothing waits.\n' });
  });
});
