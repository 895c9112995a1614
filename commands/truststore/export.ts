import { ZmintError } from '../../src/errors.js';
import { defineCommand } from '../cli/command.js';
import {
  EXPORT_OPTIONS,
  type ExportInput,
  type ExportTarget,
  type GivenExport,
} from './export-options.js';
import { PARTNER_TRUSTED } from './given.js';

/** `zmint truststore export`: the zone's roots for everybody else. */
export const truststoreExport = defineCommand({
  name: 'truststore export',
  summary: 'write the trusted roots to a file',
  description:
    'Writes every root that the zone trusts to a file (PEM with the aliases as comments, PKCS#12, Java keystore), or puts them into a store of this machine: that of the system, through update-ca-certificates, or an NSS database such as that of Firefox, through certutil. In a file entries have the aliases of the zone; a file that is there is replaced only after a question or with --yes.\nA store is made to hold the roots of the zone as they are now: new ones come in, those that the zone trusts no more go, and what others put there is not touched. --undo takes all of them out again. Run after a crash it goes on from what it finds.',
  arguments: {},
  options: EXPORT_OPTIONS,
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'policy',
    'storage',
  ],
  examples: [
    {
      line: 'zmint truststore export --to pem --out zone-roots.pem',
      shows: 'a bundle for curl, OpenSSL and others',
      given: PARTNER_TRUSTED,
    },
    {
      line: 'zmint truststore export --to p12 --out zone-roots.p12 --no-out-passphrase',
      shows: 'a truststore for Java',
      given: PARTNER_TRUSTED,
    },
  ],
  async run(session, given) {
    const input = requireTarget(given);
    if (input.to === 'system' || input.to === 'nss') {
      const { installRoots } = await import('./install-roots.js');
      return installRoots(session, input, input.to);
    }
    const { exportRoots } = await import('./export-roots.js');
    return exportRoots(session, input, input.to);
  },
});

function requireTarget(given: GivenExport): ExportInput {
  const { to } = given;
  if (to === undefined) {
    throw new ZmintError('usage', '--to is missing: pem, p12, jks, system or nss');
  }
  const rules = to === 'system' || to === 'nss' ? storeRules(given, to) : fileRules(given, to);
  const broken = rules.find(([holds]) => holds);
  if (broken !== undefined) throw new ZmintError('usage', broken[1]);
  return { ...given, to };
}

type Rule = readonly [broken: boolean, words: string];

function storeRules(given: GivenExport, to: 'system' | 'nss'): readonly Rule[] {
  const { out, root, db, dbPasswordFile } = given;
  const isNss = to === 'nss';
  return [
    [out !== undefined, '--out does not go with a store'],
    [isNss && root !== undefined, '--root is for --to system alone'],
    [isNss && db === undefined, '--db is missing: the folder with cert9.db'],
    [
      !isNss && (db ?? dbPasswordFile) !== undefined,
      '--db and --db-password-file are for --to nss',
    ],
  ];
}

function fileRules(given: GivenExport, to: ExportTarget): readonly Rule[] {
  const { out, root, db, dbPasswordFile, undo, noOutPassphrase } = given;
  return [
    [out === undefined, '--out is missing: the file to write'],
    [undo, '--undo is for --to system and --to nss'],
    [(root ?? db ?? dbPasswordFile) !== undefined, '--root and --db are for stores, not for files'],
    [to === 'jks' && noOutPassphrase, 'a Java keystore cannot do without a passphrase'],
  ];
}
