import { PassThrough } from 'node:stream';
import type { Output, Surroundings, ZoneAccess } from '../../commands/cli/surroundings.js';

/** An output that keeps what was written. */
export class FakeOutput implements Output {
  text = '';
  isTerminal = false;
  columns: number | undefined = undefined;
  write(text: string): void {
    this.text += text;
  }
}

/** A command line's world in memory, with the clock standing still unless a test moves it. */
export interface FakeSurroundings extends Surroundings {
  readonly out: FakeOutput;
  readonly err: FakeOutput;
  readonly input: PassThrough;
  readonly dialogueOutput: PassThrough;
  /** Sends the interrupt to whoever listens. */
  interrupt(): void;
  seconds: number;
}

const nobodyHome = (): Promise<never> => Promise.reject(new Error('this test opens no zone'));
const NO_ZONES: ZoneAccess = {
  glance: nobodyHome,
  open: nobodyHome,
  openForWriting: nobodyHome,
  create: nobodyHome,
  findWriter: () => Promise.resolve(undefined),
};

/** Everything quiet: no terminal, an empty environment, 2026-11-21T05:26:19Z, UTC. */
export function fakeSurroundings(given: Partial<Surroundings> = {}): FakeSurroundings {
  let listener: (() => void) | undefined;
  const fake: FakeSurroundings = {
    version: '1.2.3',
    environment: {},
    isRoot: false,
    userHome: () => '/home/anna',
    stdinIsTerminal: false,
    zones: NO_ZONES,
    warnings: () => Promise.resolve({ lastWarned: () => undefined, warned: () => undefined }),
    offsetAt: () => 0,
    now: () => 1_795_238_779,
    elapsed: () => fake.seconds,
    absolute: (path) => (path.startsWith('/') ? path : `/work-folder/${path}`),
    listFolder: () => Promise.reject(new Error('this test reads no folder')),
    readFile: () => Promise.reject(new Error('this test reads no file')),
    writeFile: () => Promise.reject(new Error('this test writes no file')),
    renameFile: () => Promise.reject(new Error('this test writes no file')),
    requirePlace: () => Promise.resolve(),
    exists: () => Promise.resolve(false),
    readPassphrase: () => Promise.reject(new Error('this test reads no passphrase')),
    formats: () => Promise.reject(new Error('this test reads no certificates')),
    custody: () => Promise.reject(new Error('this test makes no backup')),
    tokens: () => Promise.reject(new Error('this test has no token')),
    outside: () => Promise.reject(new Error('this test stays in its zone')),
    hideArguments: () => undefined,
    dialogue: () => ({ input: fake.input, output: fake.dialogueOutput }),
    onInterrupt: (heard) => {
      listener = heard;
      return () => {
        listener = undefined;
      };
    },
    ...given,
    out: new FakeOutput(),
    err: new FakeOutput(),
    input: new PassThrough(),
    dialogueOutput: new PassThrough(),
    interrupt: () => listener?.(),
    seconds: 0,
  };
  return fake;
}

/** The same with a person at a terminal of 80 columns. */
export function fakeTerminal(given: Partial<Surroundings> = {}): FakeSurroundings {
  const fake = fakeSurroundings({ stdinIsTerminal: true, ...given });
  for (const output of [fake.out, fake.err]) {
    output.isTerminal = true;
    output.columns = 80;
  }
  return fake;
}
