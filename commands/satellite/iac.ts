import { defineCommand } from '../cli/command.js';
import { readGiven } from './given-files.js';
import { IMPORT_OPTIONS, SATELLITE_ARGUMENT } from './import-options.js';
import { IMPORT_STATUSES } from './import-statuses.js';
import { importedKeystoreWish } from './keystore-wish.js';
import { hideSecrets } from './old-secrets.js';
import { placeSatellite } from './place-satellite.js';
import { SATELLITE_FILES } from './given.js';

/** `zmint iac`: a satellite's certificate from outside. */
export const iac = defineCommand({
  name: 'iac',
  summary: "import a satellite's certificate",
  description:
    'Puts a certificate from outside as that of a satellite: key, certificate and CA as separate files (DER or PEM), or a JKS or PKCS#12 with all of them. The chain must reach a root that the zone trusts. Everything is checked and shown first. Then key, certificate, trust and, where one is configured, the keystore of the satellite change together by one rename; it is reloaded and looked at. When it does not show the certificate, the one from before comes back.\nOn a machine with one satellite, or when the certificate names only one, SATELLITE can be left out. A certificate is kept when the roles of a satellite change.',
  arguments: SATELLITE_ARGUMENT,
  options: IMPORT_OPTIONS,
  changes: true,
  statuses: IMPORT_STATUSES,
  examples: [
    {
      line: 'zmint iac sat1 -pk sat1.key -c sat1.der -ca issuer.cert -rc',
      shows: 'key, certificate and CA in files, without a question',
      given: SATELLITE_FILES,
    },
    {
      line: 'zmint iac -ks sat1.jks --passphrase-file out.txt -a sat1 --yes',
      shows: 'an entry of a Java keystore',
      given: [
        ...SATELLITE_FILES,
        'zmint cert convert sat1.der --key sat1.key --to jks --alias sat1 --out sat1.jks --out-passphrase-file out.txt',
      ],
    },
    {
      line: 'zmint iac sat1 -pk sat1.key -c sat1.der -ca issuer.cert --keystore jks --keystore-passphrase-file out.txt --yes',
      shows: 'the server of the satellite reads a Java keystore from now on',
      given: SATELLITE_FILES,
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
    const material = await readGiven(session, input);
    const keystore = await importedKeystoreWish(session, input);
    return placeSatellite(
      session,
      { command: 'iac', unasked: input.reconfigure },
      {
        satellite: input.satellite ?? null,
        source: { from: 'given', material },
        keystore,
        reconfigure: true,
      },
    );
  },
});
