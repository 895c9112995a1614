import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { examineZone } from '../../src/operations/examine-zone.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON, openTestZone } from '../support/test-zone.js';

test('the only copy of a key is never told to be removed', async () => {
  const zoneHome = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome, now: NOON }, [{ name: 'web1', dnsName: 'web1.example.com' }]);
  const [own, other] = ['ca1', 'web1'].map((name) =>
    join(zoneHome, 'servers', name, 'certificate-authority'),
  );
  renameSync(own ?? '', other ?? '');
  const ctx = await openTestZone({ zoneHome, now: NOON });
  const findings = await examineZone(ctx, undefined, NOON);
  ctx.store.close();
  expect(findings.filter(({ mend }) => mend?.includes('rm -r') === true)).toEqual([]);
  expect(findings).toContainEqual({
    examination: 'ca-key',
    severity: 'problem',
    code: 'damaged',
    message: 'web1 has a copy of the key of CA generation 1, and its holder has none',
    mend: `mkdir -p -m 700 ${own} && cp -Rp ${other}/1 ${own}/`,
  });
});
