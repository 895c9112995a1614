import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { zoneStoreContract } from '../../contracts/zone-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { WRITER } from './writer.js';

zoneStoreContract('SQLite', async () => {
  const home = temporaryFolder();
  const store = await createZoneStore(home, WRITER);
  return { store, reader: () => openZoneReader(home) };
});
