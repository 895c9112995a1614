import { ZmintError } from '../../src/errors.js';
import type { RemintRequest } from '../../src/index.js';
import { backupIsLater } from '../ca/backup-option.js';
import { requestAuthority } from '../ca/request-authority.js';
import type { Outcome } from '../cli/command.js';
import type { Session } from '../cli/session.js';

/**
 * `ssl remint --ca` where a CA above the zone's own has signed it: requests the certificate of its
 * successor. Throws `usage` for what the CA above decides or only a CA that signs itself can do.
 */
export function remintSubordinate(session: Session, request: RemintRequest): Promise<Outcome> {
  const { keepKey, compromised, years, dueWithin, policy } = request;
  const beside = [
    [keepKey, '--keep-key'],
    [compromised, '--compromised'],
    [years !== null, '--years'],
    [dueWithin !== null, '--due'],
    [policy !== null, '--policy'],
    [request.token !== undefined, '--key-uri'],
  ].find(([given]) => given);
  if (beside !== undefined) {
    const fact = `${String(beside[1])} is not for a CA that a CA above it signs`;
    throw new ZmintError('usage', fact, { hint: 'zmint ssl remint --ca requests its successor' });
  }
  if (request.freshBackup !== true) throw backupIsLater();
  const { commonName, keySpec, activateAt, updateName } = request;
  const wanted = {
    ...{ server: null, commonName, keySpec },
    custody: 'passphrase',
    wish: { activateAt, updateName },
  } as const;
  return requestAuthority(session, 'ssl remint', wanted, undefined);
}
