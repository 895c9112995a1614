import { defineCommand } from '../cli/command.js';
import { oneOf, text } from '../cli/parsers.js';
import { restartServers } from '../restart-servers.js';
import { SATELLITE_ARGUMENT } from './import-options.js';
import { IMPORT_STATUSES } from './import-statuses.js';
import { KEYSTORE_OPTIONS } from './keystore-options.js';
import { keystoreWish } from './keystore-wish.js';
import { hideSecrets } from './old-secrets.js';
import { placeSatellite } from './place-satellite.js';
import { SIGN_IN_OPTIONS } from './sign-in-options.js';
import { SATELLITE_ZONE } from './given.js';

/** What can be reconfigured: everything, the files, or (`casa` and `jetty`) one half by its old name. */
const TYPES = ['all', 'config', 'casa', 'jetty'] as const;
type ReconfigureType = (typeof TYPES)[number];

/** `zmint asr -t all`: a satellite by what the zone knows of it. */
export const asr = defineCommand({
  name: 'asr',
  summary: 'reconfigure a satellite',
  description:
    'Writes the files of a satellite anew as the zone has them: its certificate, the chain and the trust of today, and the keystore that its server reads, all by one rename; then reloads it and looks at it. With -t config (or casa) only the files change, with -t jetty it is only reloaded and looked at. --keystore says what its server reads beside PEM from now on; the password stays in keystore.pass beside the keystore, mode 0600.\nIn a zone with an external CA a satellite without a certificate is refused: "zmint iac" gives it one. A new certificate is made by "zmint rsc".',
  arguments: SATELLITE_ARGUMENT,
  options: {
    type: {
      kind: 'value',
      flag: '--type',
      short: '-t',
      value: 'TYPE',
      summary: 'all (as when nothing is said), config, casa or jetty',
      parse: oneOf<ReconfigureType>(TYPES),
    },
    ...KEYSTORE_OPTIONS,
    alias: {
      kind: 'value',
      flag: '--alias',
      short: '-a',
      value: 'ALIAS',
      summary: 'the name of the entry in the keystore; the name of the satellite at first',
      parse: text,
    },
    ...SIGN_IN_OPTIONS,
  },
  changes: true,
  statuses: [...IMPORT_STATUSES, 'partial'],
  examples: [
    {
      line: 'zmint asr -t all --yes',
      shows: 'everything, where there is one satellite',
      given: SATELLITE_ZONE,
    },
    {
      line: 'zmint asr sat1 -t config --keystore jks --keystore-passphrase-file out.txt --yes',
      shows: 'a Java keystore beside the PEM files from now on',
      given: SATELLITE_ZONE,
    },
    {
      line: 'zmint asr sat1 -t jetty --yes',
      shows: 'reload it and look at it, nothing else',
      given: SATELLITE_ZONE,
    },
  ],
  async run(session, input) {
    hideSecrets(session, { '-p': input.password });
    const type = input.type ?? 'all';
    if (type === 'jetty') {
      const { findSatellite } = await import('../../src/index.js');
      const satellite = await findSatellite(await session.open(), input.satellite ?? null);
      return restartServers(session, 'asr', [satellite.path]);
    }
    const keystore = await keystoreWish(session, input);
    return placeSatellite(
      session,
      { command: 'asr', unasked: false },
      {
        satellite: input.satellite ?? null,
        source: { from: 'live' },
        keystore,
        reconfigure: type === 'all',
      },
    );
  },
});
