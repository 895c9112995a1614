import { ZmintError } from '../errors.js';
import type { Authority } from '../zone/authority.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import { problem, type Remark } from '../zone/finding.js';
import { lostKeyMend } from '../zone/lost-key-mend.js';
import { keyGeneration } from '../zone/zone-snapshot.js';
import type { Examined } from './examined.js';

/** Keys of the CA, and of a CA that waits for its certificate, that one member is to hold. */
export interface KeysToExamine {
  readonly keys: readonly (Authority | AuthorityRequest)[];
  /** The generations whose file is there. */
  readonly found: readonly number[];
  readonly home: string;
}

/**
 * Whether each key file that may still be needed is what was written, which it tells without its
 * passphrase: by its checksum, and by the zone and the key that it names. What is missing is told
 * elsewhere.
 */
export async function damagedKeys(
  { ctx, snapshot }: Examined,
  { keys, found, home }: KeysToExamine,
): Promise<readonly Remark[]> {
  const files = new Map<number, Authority | AuthorityRequest>();
  for (const key of keys) {
    const folder = 'kind' in key ? keyGeneration(snapshot.authorities, key) : key.generation;
    if (isNeeded(key) && found.includes(folder)) files.set(folder, key);
  }
  const remarks: Remark[] = [];
  for (const [generation, key] of files) {
    const identity = { zoneId: snapshot.zone.id, spkiSha256: key.spkiSha256 };
    try {
      await ctx.vault.lockedBy({ home, generation }, identity);
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
      remarks.push(problem(error.code, error.message, mendOf(key, snapshot.authorityRequests)));
    }
  }
  return remarks;
}

function isNeeded({ state }: Authority | AuthorityRequest): boolean {
  return state !== 'cancelled' && state !== 'retired';
}

function mendOf(key: Authority | AuthorityRequest, requests: readonly AuthorityRequest[]): string {
  const back = 'put it back from a backup';
  if (key.state === 'retiring') return back;
  const lost = 'kind' in key ? lostKeyMend(key, requests) : 'zmint ssl cancel';
  return `${back}; if there is none: ${lost}`;
}
