import { SMALL_ZONE } from '../ssl/given.js';

/** The small zone with an administrator. */
export const WITH_ANNA: readonly string[] = [
  ...SMALL_ZONE,
  'zmint admin add anna --privilege admin --password-file out.txt --yes',
];
