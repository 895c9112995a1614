import { isDnsName } from './dns-name.js';

/** The database in a backup. */
export const DATABASE = 'zone.db';
/** The folder of the CA's key files in a backup; in a zone it lies in the home of the server with the CA role. */
export const AUTHORITY = 'certificate-authority';
/** What opens the CA keys of a zone without passphrase. */
export const UNLOCK_FILE = 'ca.unlock';

const STEP = /^(?!\.{1,2}$)[\w.*+@=,-]{1,255}$/u;
const KEY_FILE = /^certificate-authority\/[1-9]\d{0,8}\/[\w.-]+$/u;

/**
 * Whether a name can stand in a backup and so become a path (I-6): steps of plain characters, none of
 * which leads upwards, and homes of members under their names only.
 */
export function isBackupName(name: string): boolean {
  const steps = name.split('/');
  if (steps.length > 12 || !steps.every((step) => STEP.test(step))) return false;
  const [folder, member] = steps;
  if (folder === AUTHORITY) return KEY_FILE.test(name);
  return folder !== 'servers' || (steps.length > 2 && isDnsName(member ?? ''));
}

/** Whether the entry is the link `live` of a server; its content is where it leads to. */
export function isLiveLink(name: string): boolean {
  const [folder, , security, live, more] = name.split('/');
  return folder === 'servers' && security === 'security' && live === 'live' && more === undefined;
}

/** Where `live` may lead to: a generation beside it. */
export function isLiveTarget(target: string): boolean {
  return /^generations\/[1-9]\d{0,8}$/u.test(target);
}

/** The name of a generation's key file in a backup. */
export function keyFileName(generation: number): string {
  return `${AUTHORITY}/${generation}/key.enc`;
}
