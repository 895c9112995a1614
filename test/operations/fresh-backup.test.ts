import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../src/operations/read-settings.js';
import { requireFreshBackup } from '../../src/operations/require-fresh-backup.js';
import type { OperationContext } from '../../src/ports/context.js';
import { HOUR } from '../../src/zone/instant.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, openTestZone } from '../support/test-zone.js';
import { BACKUP, BEGINNING, entry } from '../support/zone-rows.js';

const NOW = BEGINNING + HOUR;
let zoneHome = '';
let ctx: OperationContext;

beforeEach(async () => {
  zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOW }, []);
  ctx = await openTestZone({ zoneHome, now: NOW });
});

afterEach(() => {
  ctx.store.close();
});

async function madeAt(instant: number): Promise<void> {
  const backup = { ...BACKUP, madeAt: instant };
  await ctx.store.commit(entry(), [{ type: 'put-backup', backup }]);
}

function setHours(hours: number): void {
  const settings = { schema: 'zmint.settings/1', backup: { maxAgeHours: hours } };
  writeFileSync(join(zoneHome, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
}

describe('a fresh verified backup is asked for', () => {
  test('and refused as policy with the command that makes one', async () => {
    await expect(requireFreshBackup(ctx, NOW)).rejects.toMatchObject({
      code: 'policy',
      hint: 'zmint ca backup FILE',
      details: { standing: 'missing' },
    });
  });

  test('and one that is young enough will do', async () => {
    await madeAt(NOW - 24 * HOUR);
    await expect(requireFreshBackup(ctx, NOW)).resolves.toBeUndefined();
    await expect(requireFreshBackup(ctx, NOW + 1)).rejects.toMatchObject({
      code: 'policy',
      details: { standing: 'old', maxAgeHours: 24 },
    });
  });

  test('by the hours of the settings', async () => {
    await madeAt(NOW - 24 * HOUR);
    setHours(1);
    expect((await readSettings(ctx)).backup.maxAgeHours).toBe(1);
    await expect(requireFreshBackup(ctx, NOW)).rejects.toMatchObject({ code: 'policy' });
    setHours(48);
    await expect(requireFreshBackup(ctx, NOW)).resolves.toBeUndefined();
  });

  test('and a settings file that cannot be read is no permission', async () => {
    await madeAt(NOW);
    writeFileSync(join(zoneHome, 'settings.json'), '{}', { mode: 0o600 });
    await expect(requireFreshBackup(ctx, NOW)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
