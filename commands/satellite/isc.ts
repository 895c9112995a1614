import { defineCommand } from '../cli/command.js';
import { givesNothing, readGiven } from './given-files.js';
import { IMPORT_OPTIONS, SATELLITE_ARGUMENT } from './import-options.js';
import { IMPORT_STATUSES } from './import-statuses.js';
import { importedKeystoreWish } from './keystore-wish.js';
import { hideSecrets } from './old-secrets.js';
import { placeSatellite } from './place-satellite.js';
import { SATELLITE_ZONE } from './given.js';

/** `zmint isc`: a satellite's certificate once more. */
export const isc = defineCommand({
  name: 'isc',
  summary: "import a satellite's certificate again",
  description:
    'Puts the certificate of a satellite once more: without files the one that it has, or when that is gone the newest that is still there and valid; with files as "zmint iac" does. The set is written anew with the trust of today, by one rename. In a zone with an external CA a satellite that has no certificate at all is refused: give it one with "zmint iac".',
  arguments: SATELLITE_ARGUMENT,
  options: IMPORT_OPTIONS,
  changes: true,
  statuses: IMPORT_STATUSES,
  examples: [
    {
      line: 'zmint isc sat1 --yes',
      shows: 'the certificate that is there, written again',
      given: SATELLITE_ZONE,
    },
  ],
  async run(session, input) {
    const { storePassword, keyPassword, password, store } = input;
    hideSecrets(session, {
      '-ksp': storePassword,
      '-cp': keyPassword,
      '-ks': store[1],
      '-p': password,
    });
    const source = givesNothing(input)
      ? ({ from: 'kept' } as const)
      : ({ from: 'given', material: await readGiven(session, input) } as const);
    const keystore = await importedKeystoreWish(session, input);
    return placeSatellite(
      session,
      { command: 'isc', unasked: input.reconfigure },
      { satellite: input.satellite ?? null, source, keystore, reconfigure: true },
    );
  },
});
