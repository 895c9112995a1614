import { SMALL_ZONE } from '../ssl/given.js';

/** Command lines that leave the root of another zone in `partner-root.pem`, beside a zone of its own. */
export const PARTNER_ROOT: readonly string[] = [
  ...SMALL_ZONE,
  'zmint init --zone partner --name Partner --server p1 --dns p1.partner.example --no-passphrase --yes',
  'zmint ca export --zone partner --out partner-root.pem',
];

/** The same, with that root among the trusted ones. */
export const PARTNER_TRUSTED: readonly string[] = [
  ...PARTNER_ROOT,
  'zmint truststore add partner-root.pem --alias partner --yes',
];
