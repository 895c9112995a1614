import { ZmintError } from '../src/errors.js';
import type { ImportFile } from '../src/index.js';
import { filePassphrases, wipe } from './cert/file-passphrases.js';
import { defineCommand } from './cli/command.js';
import { text } from './cli/parsers.js';
import type { Session } from './cli/session.js';
import { EXTERNAL_ZONE } from './ssl/given.js';

/** `zmint sacert`, also `zmint server-add-cert`: a certificate put as a server's, at once. */
export const sacert = defineCommand({
  name: 'sacert',
  summary: "put a certificate as a server's certificate",
  description:
    'Puts a certificate as that of a server, at once: it is checked, made the live set, the server is reloaded and looked at, and put back when the look fails. Its key is given with --key, lies in the same file, was placed into the remint-repo as key.der, waits since zmint generate-csr, or is the one that the server has today.\nA certificate that has expired is replaced; for one that has not, -f is needed. Afterwards zmint ssl rollback is the way back. With --from a folder does it for several servers: its files are named after them, such as web1.cer and web1.key. If anything is refused, nothing is changed.',
  arguments: {
    server: { kind: 'optional', value: 'SERVER', summary: 'whose it is to be', parse: text },
    file: {
      kind: 'optional',
      value: 'FILE',
      summary: 'the certificate in any format, with its chain and key or without',
      parse: text,
    },
  },
  options: {
    force: {
      kind: 'flag',
      flag: '--force',
      short: '-f',
      summary: 'also in the place of a certificate that has not expired',
    },
    key: {
      kind: 'value',
      flag: '--key',
      value: 'FILE',
      summary: 'the private key of the certificate',
      parse: text,
    },
    chain: {
      kind: 'list',
      flag: '--chain',
      value: 'FILE',
      summary: 'certificates of the CA that are not in FILE; may be given several times',
      parse: text,
    },
    from: {
      kind: 'value',
      flag: '--from',
      value: 'DIR',
      summary: 'several servers: a folder with files named after them',
      parse: text,
    },
    keyPassphraseFile: {
      kind: 'list',
      flag: '--key-passphrase-file',
      value: 'FILE',
      summary: 'the passphrase of an entry that has one of its own; may be given several times',
      parse: text,
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreadable',
    'key-mismatch',
    'chain-untrusted',
    'not-valid-then',
    'policy',
    'unreachable',
    'served-differs',
    'reload-failed',
    'storage',
    'token-unavailable',
    'partial',
  ],
  examples: [
    {
      line: 'zmint sacert web1 web1.cer --key web1.key --yes',
      shows: 'a certificate with its key',
      given: EXTERNAL_ZONE,
    },
    {
      line: 'zmint sacert -f web1 web1.p12 --passphrase-file out.txt --yes',
      shows: 'a store with both, whatever the server has today',
      given: EXTERNAL_ZONE,
    },
  ],
  async run(session, input) {
    refuseContradictions(input);
    const { importFiles } = await import('./ssl/import-files.js');
    const passphrases = await filePassphrases(session, input.keyPassphraseFile);
    try {
      const files = await filesOf(session, input, passphrases);
      const request = { files, put: true, force: input.force };
      return await importFiles(session, 'sacert', { ...request, activateAt: { when: 'now' } });
    } finally {
      wipe(passphrases);
    }
  },
});

interface SacertInput {
  readonly server: string | undefined;
  readonly file: string | undefined;
  readonly key: string | undefined;
  readonly chain: readonly string[];
  readonly from: string | undefined;
}

function refuseContradictions({ server, file, key, from }: SacertInput): void {
  const hint = 'zmint sacert web1 web1.cer, or zmint sacert --from DIR';
  if (from === undefined && file === undefined) {
    const missing = server === undefined ? 'server and file are' : 'the file is';
    throw new ZmintError('usage', `${missing} missing`, { hint });
  }
  if (from !== undefined && (server ?? key) !== undefined) {
    throw new ZmintError('usage', '--from takes servers, files and keys from the folder', { hint });
  }
}

async function filesOf(
  session: Session,
  { server, file, key, chain, from }: SacertInput,
  passphrases: readonly Uint8Array[],
): Promise<readonly ImportFile[]> {
  const { namedFiles } = await import('./ssl/import-files.js');
  const behind = await namedFiles(session, chain, { server, passphrases });
  if (from !== undefined) {
    const { filesByServer } = await import('./sacert-files.js');
    const members = await (await session.open()).store.members();
    return [...(await filesByServer(session, from, { members, passphrases })), ...behind];
  }
  const names = [file, key].filter((name) => name !== undefined);
  return [...(await namedFiles(session, names, { server, passphrases })), ...behind];
}
