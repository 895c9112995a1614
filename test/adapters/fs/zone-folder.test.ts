import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileZoneFolder } from '../../../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { zoneFolderContract } from '../../contracts/zone-folder.js';
import { freshZone } from './fresh-zone.js';

zoneFolderContract('files', () => {
  const { zoneHome } = freshZone();
  return Promise.resolve({
    folder: new FileZoneFolder(createNodeZoneFs(), zoneHome),
    putSettings: (content) => {
      writeFileSync(join(zoneHome, 'settings.json'), content, { mode: 0o600 });
    },
    readUpdate: (path) =>
      Object.fromEntries(
        readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
      ),
  });
});
