import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every regular file in a folder and the folders in it. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
