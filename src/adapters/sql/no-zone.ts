import { basename, dirname, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { shellWord } from '../../zone/shell-word.js';
import { fileIdentity } from './database-file.js';

/** The error for a zone home whose database, at this path, is absent or holds no zone yet. */
export function noZone(path: string): ZmintError {
  const home = dirname(path);
  if (
    fileIdentity(join(dirname(home), `.${basename(home)}.restoring`, 'restore.json')) !== undefined
  ) {
    return new ZmintError('no-zone', `there is no zone in ${home}: a restore was cut short`, {
      hint: `zmint ca restore FILE --zone ${shellWord(home)} finishes it`,
      details: { zoneHome: home },
    });
  }
  return new ZmintError('no-zone', `there is no zone in ${home}`, {
    hint: `zmint init --zone ${shellWord(home)} --name NAME --server NAME --dns FQDN`,
    details: { zoneHome: home },
  });
}
