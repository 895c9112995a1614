import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { prepareZoneHome } from '../../../src/adapters/fs/prepare-zone-home.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A zone home as `init` leaves it, without a database, and the default home of `web1` in it. */
export interface FreshZone {
  readonly zoneHome: string;
  readonly home: string;
}

export function freshZone(parent = temporaryFolder()): FreshZone {
  const zoneHome = join(parent, 'zone');
  prepareZoneHome(createNodeZoneFs(), zoneHome);
  return { zoneHome, home: join(zoneHome, 'servers', 'web1') };
}

/** Everything below a folder with mode and content, one line each, to be compared. */
export function snapshot(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .map((entry) => join(below, entry.name))
    .sort()
    .flatMap((path) => [describe(folder, path), ...inside(folder, path)]);
}

function inside(folder: string, path: string): readonly string[] {
  return lstatSync(join(folder, path)).isDirectory() ? snapshot(folder, path) : [];
}

function describe(folder: string, path: string): string {
  const full = join(folder, path);
  const stats = lstatSync(full);
  if (stats.isSymbolicLink()) return `${path} -> ${readlinkSync(full)}`;
  const mode = (stats.mode & 0o7777).toString(8);
  if (!stats.isFile()) return `${path} ${mode}`;
  return `${path} ${mode} ${readFileSync(full).toString('base64')}`;
}

/** What lies in a zone under a temporary name. */
export function leftovers(zone: FreshZone): readonly string[] {
  return snapshot(zone.zoneHome).filter((line) => /(?:^|\/)\./u.test(line));
}
