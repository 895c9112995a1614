import { dirname } from 'node:path';
import { ZmintError } from '../../errors.js';
import { shellWord } from '../fs/shell-word.js';

/** The error for a zone home whose database, at this path, is absent or holds no zone yet. */
export function noZone(path: string): ZmintError {
  const home = dirname(path);
  return new ZmintError('no-zone', `there is no zone in ${home}`, {
    hint: `zmint init --zone ${shellWord(home)} --name NAME --server NAME --dns FQDN`,
    details: { zoneHome: home },
  });
}
