/** Command lines that make a small zone; what examples begin with. */
export const SMALL_ZONE: readonly string[] = [
  'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
  'zmint server add web1 --dns web1.example.com --yes',
];

/** The small zone with a remint of its CA that waits. */
export const WAITING_REMINT: readonly string[] = [
  ...SMALL_ZONE,
  'zmint ssl remint --ca --no-backup-check --activate-at 14d --yes',
];

/** The small zone with a new CA in use and the old one still trusted. */
export const ACTIVE_REMINT: readonly string[] = [
  ...SMALL_ZONE,
  'zmint ssl remint --ca --no-backup-check --activate-at now --yes',
];

/** A zone with an external CA, whose files lie beside it. */
export const EXTERNAL_ZONE: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --ca external --chain chain.pem --yes',
];

/** A zone whose CA waits for its certificate from a CA above it. */
export const SUBORDINATE_ZONE: readonly string[] = [
  'zmint init --name Example --server web1 --dns web1.example.com --ca internal --subordinate --no-passphrase --yes',
];
