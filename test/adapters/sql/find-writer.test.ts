import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findWriter } from '../../../src/adapters/sql/find-writer.js';
import { WriterLock } from '../../../src/adapters/sql/writer-lock.js';
import { refusalOf } from '../../support/refusal-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const HOLDER = { command: 'ssl remint', pid: 4711, since: 1_795_262_400 };

describe('finding the writer', () => {
  test('nobody where no lock was ever taken, the holder while it is held, nobody after', async () => {
    const zoneHome = temporaryFolder();
    expect(findWriter(zoneHome)).toBeUndefined();
    const lock = await WriterLock.take(join(zoneHome, 'lock.db'), HOLDER, 0);
    expect(findWriter(zoneHome)).toEqual(HOLDER);
    expect(findWriter(zoneHome)).toEqual(HOLDER);
    lock.release();
    expect(findWriter(zoneHome)).toBeUndefined();
  });

  test('does not stand in the way of the next writer', async () => {
    const zoneHome = temporaryFolder();
    const path = join(zoneHome, 'lock.db');
    (await WriterLock.take(path, HOLDER, 0)).release();
    expect(findWriter(zoneHome)).toBeUndefined();
    (await WriterLock.take(path, HOLDER, 0)).release();
  });

  test('a lock that others could change is refused', async () => {
    const zoneHome = temporaryFolder();
    const path = join(zoneHome, 'lock.db');
    (await WriterLock.take(path, HOLDER, 0)).release();
    chmodSync(path, 0o666);
    expect(refusalOf(() => findWriter(zoneHome)).code).toBe('unsafe-path');
  });
});
