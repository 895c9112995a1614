import { ZmintError } from '../../src/errors.js';
import { defineCommand, type InputOf } from '../cli/command.js';
import type { ConvertInput } from './convert-file.js';
import { CONVERT_ARGUMENTS, CONVERT_OPTIONS } from './convert-options.js';
import { filePassphrases, wipe } from './file-passphrases.js';

/** `zmint cert convert FILE --to FORMAT --out FILE`. */
export const certConvert = defineCommand({
  name: 'cert convert',
  summary: 'convert between certificate formats',
  description:
    'Writes what is in a file in another format: PEM, DER, PKCS#7 (p7b), PKCS#12 (p12) or a Java keystore (jks). The format of the input is told by its content. Nothing is left out in silence: what the target cannot hold is refused unless --only says what is wanted. A file with a private key is written with mode 0600; an existing file is replaced only after a question or with --yes. No zone is needed.\nPKCS#12 is written with AES-256 and 600000 rounds of PBKDF2; --legacy writes triple DES for readers that know nothing newer. Keys in PEM and DER are written as PKCS#8, encrypted when a passphrase is given.',
  arguments: CONVERT_ARGUMENTS,
  options: CONVERT_OPTIONS,
  changes: true,
  statuses: [
    'wrong-passphrase',
    'not-found',
    'unsafe-path',
    'unreadable',
    'key-mismatch',
    'policy',
    'question-unanswered',
    'storage',
  ],
  examples: [
    {
      line: 'zmint cert convert web1.p12 --passphrase-file in.txt --to pem --out web1.pem --no-out-passphrase',
      shows: 'the certificates and the key of a store, the key in clear',
    },
    {
      line: 'zmint cert convert web1.cer --key web1.key --to p12 --out store.p12 --out-passphrase-file out.txt',
      shows: 'a certificate and its key into one store',
    },
    {
      line: 'zmint cert convert chain.p7b --only leaf --to der --out web1.der',
      shows: 'the certificate of the server alone',
    },
  ],
  async run(session, given) {
    const input = requireTarget(given);
    refuseContradictions(input);
    const passphrases = await filePassphrases(session, input.keyPassphraseFile);
    try {
      const { convertFile } = await import('./convert-file.js');
      return await convertFile(session, input, passphrases);
    } finally {
      wipe(passphrases);
    }
  },
});

type GivenInput = InputOf<typeof CONVERT_ARGUMENTS, typeof CONVERT_OPTIONS>;

function requireTarget(input: GivenInput): ConvertInput {
  const { to, out } = input;
  if (to === undefined) throw new ZmintError('usage', '--to is missing: pem, der, p7b, p12 or jks');
  if (out === undefined) throw new ZmintError('usage', '--out is missing: the file to write');
  return { ...input, to, out };
}

function refuseContradictions({ to, legacy, alias, noOutPassphrase }: ConvertInput): void {
  const isStore = to === 'p12' || to === 'jks';
  if (legacy && to !== 'p12') throw new ZmintError('usage', '--legacy is for --to p12 alone');
  if (alias !== undefined && !isStore) {
    throw new ZmintError('usage', `${to} has no names: --alias is for p12 and jks`);
  }
  if (to === 'jks' && noOutPassphrase) {
    throw new ZmintError('usage', 'a Java keystore cannot do without a passphrase');
  }
}
