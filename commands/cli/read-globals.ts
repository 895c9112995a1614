import { ZmintError } from '../../src/errors.js';
import type { GlobalOptions } from './session.js';

/** The arguments, split into the options of every command and the rest. */
export interface Line {
  readonly globals: GlobalOptions;
  /** `--help`, `-h` or `/?` was there. */
  readonly help: boolean;
  readonly version: boolean;
  /** Command words, its arguments and options, in their order. */
  readonly rest: readonly string[];
}

/** An option of every command, as its help shows it. */
export interface GlobalOption {
  readonly flag: string;
  readonly value?: string;
  readonly summary: string;
}

/** The options that may stand anywhere. `--dry-run` and `--yes` are for commands that change something. */
export const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  { flag: '--zone', value: 'DIR', summary: 'the zone home, instead of ZMINT_ZONE or the default' },
  { flag: '--json', summary: 'one JSON document on standard output' },
  { flag: '--quiet', summary: 'no warnings, progress or advice' },
  { flag: '--verbose', summary: 'with the stack of an unexpected error' },
  { flag: '--no-color', summary: 'no colours' },
  { flag: '--passphrase-file', value: 'FILE', summary: 'the passphrase is in this file' },
  { flag: '--passphrase-fd', value: 'N', summary: 'the passphrase comes from this descriptor' },
  { flag: '--pin-file', value: 'FILE', summary: 'the PIN of the token is in this file' },
  { flag: '--pin-fd', value: 'N', summary: 'the PIN of the token comes from this descriptor' },
  { flag: '--help', summary: 'this page' },
  { flag: '--version', summary: 'the version of zmint' },
];

/** The options of every command that changes something. */
export const CHANGE_OPTIONS: readonly GlobalOption[] = [
  { flag: '--dry-run', summary: 'stop after the plan' },
  { flag: '--yes', summary: 'do not ask' },
];

const WITH_VALUE = ['--zone', '--passphrase-file', '--passphrase-fd', '--pin-file', '--pin-fd'];
const WITHOUT_VALUE = [
  ...['--json', '--quiet', '--verbose', '--no-color', '--dry-run', '--yes'],
  ...['--help', '-h', '/?', '--version'],
];

/**
 * Takes the options of every command out of the line, wherever they stand before a `--`. Throws
 * `usage` when a value is missing or one is given twice.
 */
export function readGlobals(argv: readonly string[]): Line {
  const { before, after } = splitAtDashes(argv);
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? '';
    const [flag, attached] = splitAtEquals(word);
    if (WITHOUT_VALUE.includes(word)) flags.add(word);
    else if (!WITH_VALUE.includes(flag)) rest.push(word);
    else if (attached !== undefined) keep(values, flag, attached);
    else {
      index += 1;
      keep(values, flag, before[index]);
    }
  }
  return {
    globals: collect(flags, values),
    help: ['--help', '-h', '/?'].some((flag) => flags.has(flag)),
    version: flags.has('--version'),
    rest: [...rest, ...after],
  };
}

/** Whether JSON was asked for, even on a line that cannot be read. */
export function wantsJson(argv: readonly string[]): boolean {
  return splitAtDashes(argv).before.includes('--json');
}

function splitAtDashes(argv: readonly string[]) {
  const at = argv.indexOf('--');
  const end = at === -1 ? argv.length : at;
  return { before: argv.slice(0, end), after: argv.slice(end) };
}

function splitAtEquals(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function keep(values: Map<string, string>, flag: string, value: string | undefined): void {
  if (value === undefined || value === '') {
    throw new ZmintError('usage', `${flag} needs a value`);
  }
  if (values.has(flag)) throw new ZmintError('usage', `${flag} is given twice`);
  values.set(flag, value);
}

function collect(flags: ReadonlySet<string>, values: ReadonlyMap<string, string>): GlobalOptions {
  const zone = values.get('--zone');
  const passphrase = secretPlace(values, '--passphrase');
  const pin = secretPlace(values, '--pin');
  return {
    json: flags.has('--json'),
    quiet: flags.has('--quiet'),
    verbose: flags.has('--verbose'),
    noColor: flags.has('--no-color'),
    dryRun: flags.has('--dry-run'),
    yes: flags.has('--yes'),
    ...(zone === undefined ? {} : { zone }),
    ...(passphrase.file === undefined ? {} : { passphraseFile: passphrase.file }),
    ...(passphrase.fd === undefined ? {} : { passphraseFd: passphrase.fd }),
    ...(pin.file === undefined ? {} : { pinFile: pin.file }),
    ...(pin.fd === undefined ? {} : { pinFd: pin.fd }),
  };
}

function secretPlace(
  values: ReadonlyMap<string, string>,
  flag: '--passphrase' | '--pin',
): { readonly file: string | undefined; readonly fd: number | undefined } {
  const file = values.get(`${flag}-file`);
  const fd = values.get(`${flag}-fd`);
  if (fd !== undefined && !/^\d{1,4}$/u.test(fd)) {
    throw new ZmintError('usage', `${flag}-fd: "${fd}" is no number of a descriptor`);
  }
  if (fd !== undefined && file !== undefined) {
    throw new ZmintError('usage', `${flag}-file and ${flag}-fd exclude each other`);
  }
  return { file, fd: fd === undefined ? undefined : Number(fd) };
}
