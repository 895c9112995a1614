import { zipSync, type Zippable } from 'fflate';
import { ZmintError } from '../../errors.js';
import type { Archive } from '../../ports/archive.js';

const PLAIN_NAME = /^[\w.-]+$/u;

/** Archives of fflate, the same bytes for the same files and instant. */
export function createZipArchive(): Archive {
  return {
    zip: (files, at) => {
      const content: Zippable = {};
      for (const { name, bytes } of files) {
        if (!PLAIN_NAME.test(name))
          throw new ZmintError('bug', `"${name}" is no name in an archive`);
        content[name] = [bytes, { mtime: at * 1000 }];
      }
      return zipSync(content);
    },
  };
}
