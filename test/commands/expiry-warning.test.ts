import { REGISTRY } from '../../commands/registry.js';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createZone, openZone, openZoneForWriting } from '../../bin/zone-access.js';
import { openGlance } from '../../bin/zone-glance.js';
import type { ZoneAccess } from '../../commands/cli/surroundings.js';
import { main } from '../../commands/cli/main.js';
import type { WarningLedger } from '../../src/index.js';
import { createWarningLedger } from '../../src/adapters/system/warning-ledger.js';
import { fakeSurroundings } from '../support/fake-surroundings.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON } from '../support/test-zone.js';

const DAY = 86_400;
const HOUR = 3600;
/** The test zone's CA has five years, backdated by an hour. */
const ENDS = Date.UTC(2031, 10, 21, 11) / 1000 - 1;

const ZONES: ZoneAccess = {
  glance: openGlance,
  open: openZone,
  openForWriting: openZoneForWriting,
  create: createZone,
  findWriter: () => Promise.resolve(undefined),
};

let zoneHome = '';
beforeAll(async () => {
  zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOON }, [{ name: 'web1', dnsName: 'web1.example.com' }]);
});

/** An administrator with a ledger of their own. */
function administrator(): { run(at: number, line: string): Promise<{ out: string; err: string }> } {
  const environment = { XDG_STATE_HOME: temporaryFolder() };
  return {
    run: async (at, line) => {
      const surroundings = fakeSurroundings({
        environment: { ZMINT_ZONE: zoneHome, NO_COLOR: '1' },
        now: () => at,
        zones: ZONES,
        warnings: () => Promise.resolve(createWarningLedger(environment)),
      });
      await main(line.split(' '), surroundings, REGISTRY);
      return { out: surroundings.out.text, err: surroundings.err.text };
    },
  };
}

describe('the warning that the zone CA ends', () => {
  test('comes once every 24 hours for each administrator', async () => {
    const anna = administrator();
    const at = ENDS - 80 * DAY;
    const line = 'zmint: The Zone CA will expire in 80 days.\n';
    expect((await anna.run(at, 'server list')).err).toBe(line);
    expect((await anna.run(at + HOUR, 'ssl list')).err).toBe('');
    expect((await anna.run(at + DAY, 'ssl list')).err).toBe(line.replace('80', '79'));
    expect((await administrator().run(at + HOUR, 'ssl list')).err).toBe(line.replace('80', '79'));
  });

  test('comes at every command within five days, and after the end', async () => {
    const anna = administrator();
    for (const hours of [0, 1]) {
      const { err } = await anna.run(ENDS - 5 * DAY - HOUR + hours * HOUR, 'ca list');
      expect(err).toBe('zmint: The Zone CA will expire in 5 days.\n');
    }
    const { err } = await anna.run(ENDS + 3 * DAY + HOUR, 'ca list');
    expect(err).toBe('zmint: The Zone CA expired 3 days ago.\n');
  });

  test('is silent with --json and --quiet, and those do not use up the day', async () => {
    const anna = administrator();
    const at = ENDS - 30 * DAY;
    const { out, err } = await anna.run(at, 'status --json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ schema: 'zmint.status/1', ca: { daysLeft: 30 } });
    expect((await anna.run(at, 'server list --quiet')).err).toBe('');
    expect((await anna.run(at, 'check')).err).toBe('');
    expect((await anna.run(at, 'server list')).err).not.toBe('');
  });

  test('is always there with status', async () => {
    const anna = administrator();
    const at = ENDS - 90 * DAY;
    for (const hours of [0, 1, 2]) {
      const { out, err } = await anna.run(at + hours * HOUR, 'status');
      expect(err).toMatch(/^zmint: The Zone CA will expire in (?:90|89) days\.\n$/u);
      expect(out).toMatch(/expires in (?:90|89) days/u);
    }
    expect((await anna.run(ENDS - 91 * DAY, 'status')).err).toBe('');
  });

  test('follows a command that fails, and never spoils one', async () => {
    const anna = administrator();
    const { err } = await anna.run(ENDS - DAY, 'server show web9');
    expect(err).toContain('The Zone CA will expire in 1 day.');
    expect(err).toContain('there is no member "web9"');
    const broken: WarningLedger = {
      lastWarned: () => {
        throw new Error('no ledger');
      },
      warned: () => undefined,
    };
    const surroundings = fakeSurroundings({
      environment: { ZMINT_ZONE: zoneHome },
      now: () => ENDS - 60 * DAY,
      zones: ZONES,
      warnings: () => Promise.resolve(broken),
    });
    expect(await main(['server', 'list'], surroundings, REGISTRY)).toBe(0);
    expect(surroundings.out.text).toContain('web1');
  });
});
