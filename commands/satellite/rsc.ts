import { defineCommand } from '../cli/command.js';
import { keyLength, keySpec, when, wholeNumber } from '../cli/parsers.js';
import { NO_FIELDS } from '../ssl/subject-fields.js';
import { sslRemint } from '../ssl/remint.js';
import { SATELLITE_ARGUMENT } from './import-options.js';
import { hideSecrets } from './old-secrets.js';
import { SIGN_IN_OPTIONS } from './sign-in-options.js';
import { SATELLITE_ZONE } from './given.js';

/** `zmint rsc`: `ssl remint` for one satellite, by its old name. */
export const rsc = defineCommand({
  name: 'rsc',
  summary: "remint a satellite's certificate",
  description:
    'Makes the next certificate of a satellite by the CA of the zone, as "zmint ssl remint SATELLITE" does: on every platform the same. Under an external CA it makes the request for the next certificate, or takes the one that has come. The keystore of the satellite, where one is configured, changes with the rest.',
  arguments: SATELLITE_ARGUMENT,
  options: {
    key: {
      kind: 'value',
      flag: '--key',
      value: 'SPEC',
      summary: 'the kind of the new key: ec:P-256, rsa:3072 …',
      parse: keySpec,
    },
    keyLength: {
      kind: 'value',
      flag: '--key-length',
      value: 'N',
      summary: 'an RSA key of so many bits',
      parse: keyLength,
    },
    keepKey: { kind: 'flag', flag: '--keep-key', summary: 'keep the key: a renewal' },
    years: {
      kind: 'value',
      flag: '--years',
      value: 'N',
      summary: 'how long it is valid: 1 to 10',
      parse: wholeNumber(1, 10),
    },
    includeDns: {
      kind: 'flag',
      flag: '--include-dns',
      summary: 'with all additional DNS names of the satellite',
    },
    activateAt: {
      kind: 'value',
      flag: '--activate-at',
      value: 'WHEN',
      summary: 'now, ready, 36h, or a time such as 2027-03-01T22:00',
      parse: when,
    },
    ...SIGN_IN_OPTIONS,
  },
  changes: true,
  statuses: sslRemint.statuses,
  examples: [
    {
      line: 'zmint rsc sat1 --yes',
      shows: 'a new certificate, served at once',
      given: SATELLITE_ZONE,
    },
    {
      line: 'zmint remint-satellite-cert -u admin --yes',
      shows: 'the old name and habits, where there is one satellite',
      given: SATELLITE_ZONE,
    },
  ],
  async run(session, input) {
    hideSecrets(session, { '-p': input.password });
    const { findSatellite } = await import('../../src/index.js');
    const satellite = await findSatellite(await session.open(), input.satellite ?? null);
    const { key, keyLength: length, keepKey, years, includeDns, activateAt } = input;
    return sslRemint.run(session, {
      servers: [satellite.path],
      all: false,
      ca: false,
      due: undefined,
      keepKey,
      key,
      keyLength: length,
      years,
      commonName: undefined,
      includeDns,
      noIncludeDns: false,
      activateAt,
      updateName: undefined,
      policy: undefined,
      compromised: false,
      keyUri: undefined,
      noBackupCheck: false,
      ...NO_FIELDS,
    });
  },
});
