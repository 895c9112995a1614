import { describe, expect, test } from '@jest/globals';
import { main } from '../../../commands/cli/main.js';
import {
  fakeSurroundings,
  fakeTerminal,
  type FakeSurroundings,
} from '../../support/fake-surroundings.js';
import { SAMPLE } from '../../support/sample-commands.js';

async function run(
  line: string,
  world: FakeSurroundings = fakeSurroundings(),
): Promise<{ status: number; out: string; err: string; json: () => unknown }> {
  const words = line === '' ? [] : line.split(' ');
  const status = await main(words, world, SAMPLE);
  const out = world.out.text;
  return { status, out, err: world.err.text, json: (): unknown => JSON.parse(out) };
}

describe('help', () => {
  test('every way to the page of a command shows the same', async () => {
    const pages = await Promise.all(
      [
        'boat paint --help',
        'help boat paint',
        'boat paint /?',
        'boat paint -h',
        '--help boat paint',
        'paint-boat --help',
        'boat paint red --coats nonsense --help',
      ].map((line) => run(line)),
    );
    for (const page of pages)
      expect(page).toMatchObject({ status: 0, err: '', out: pages[0]?.out });
    expect(pages[0]?.out).toBe(`  zmint boat paint COLOUR [BOAT…] [OPTION…]

Paints boats in one colour.
The old paint is gone afterwards.

Also: zmint paint-boat

Arguments
  COLOUR   the colour to take
  [BOAT…]  the boats to paint

Options
  -a, --all              every boat
  --no-primer            without a first coat
  --coats N              how many coats
  --key SPEC             a key
  --at WHEN              when
  --dry TIME             for
  -str, --stripe COLOUR  a stripe; may be given several times
  --dry-run              stop after the plan
  --yes                  do not ask

Options of every command
  --zone DIR, --json, --quiet, --verbose, --no-color, --passphrase-file FILE,
  --passphrase-fd N, --pin-file FILE, --pin-fd N, --help, --version

Exit statuses
  0    done
  2    wrong usage
  11   another command is changing the zone
  40   some members failed, each is listed; the others are done
  70   a mistake in zmint itself
  130  interrupted, or answered with no

Examples
  zmint boat paint red --all
      everything red
`);
  });

  test.each(['', 'help', '--help'])('"%s" shows every command', async (line) => {
    const { status, out, err } = await run(line);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('boat paint  paint boats');
    expect(out).toMatch(/Coming later\n {2}boat sail\n/u);
  });

  test('a noun alone shows its commands as a usage error', async () => {
    const { status, out, err } = await run('boat');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('boat show   show a boat');
    expect(await run('boat --help')).toMatchObject({ status: 0, err: '', out: err });
    expect((await run('boat --json')).json()).toMatchObject({ code: 'usage' });
  });

  test('a command to come has a page and fails when it is called', async () => {
    expect((await run('sail --help')).out).toContain('To come: sail away.');
    expect(await run('boat sail --json')).toMatchObject({ status: 50 });
    expect((await run('boat sail')).err).toContain('error: zmint boat sail does not exist yet');
  });

  test('with --json help is one document', async () => {
    expect((await run('boat --help --json')).json()).toMatchObject({ schema: 'zmint.help/1' });
    expect((await run('--version --json')).json()).toEqual({
      schema: 'zmint.version/1',
      version: '1.2.3',
    });
    expect((await run('--version')).out).toBe('zmint 1.2.3\n');
  });
});

describe('what was meant', () => {
  test.each([
    ['baot paint', 'there is no command "baot"', 'did you mean "zmint boat paint"?'],
    ['boat pant', 'there is no command "boat pant"', 'did you mean "zmint boat paint"?'],
    ['pain-boat', 'there is no command "pain-boat"', 'did you mean "zmint paint-boat"?'],
    ['hlep', 'there is no command "hlep"', 'did you mean "zmint help"?'],
    ['xyzzy', 'there is no command "xyzzy"', 'zmint help lists them'],
    ['boat xyzzy', 'there is no command "boat xyzzy"', 'zmint help boat lists them'],
    ['--coats 3 boat paint', 'there is no command before "--coats"', 'zmint help'],
    ['boat paint red --coast 3', 'zmint boat paint has no option --coast', 'did you mean --coats?'],
    ['boat paint red --yess', 'zmint boat paint has no option --yess', 'did you mean --yes?'],
    ['boat show --yse', 'zmint boat show has no option --yse', 'zmint help boat show'],
    ['boat paint', 'COLOUR is missing: the colour to take', 'zmint help boat paint'],
    ['boat show a b', '"b" is one argument too many', 'zmint help boat show'],
    ['boat paint red --coats', '--coats needs a value', 'zmint help boat paint'],
    ['boat paint red --coats --all', '--coats needs a value: N', 'zmint help boat paint'],
    ['boat paint red --coats 2 --coats 3', '--coats is given twice', 'zmint help boat paint'],
    [
      'boat paint red --coats ten',
      '--coats: "ten" is no whole number from 1 to 9',
      'zmint help boat paint',
    ],
    [
      'boat show --dry-run',
      'zmint boat show changes nothing and takes no --dry-run',
      'zmint help boat show',
    ],
    ['boat show --zone', '--zone needs a value', 'zmint help'],
    ['boat show --zone a --zone b', '--zone is given twice', 'zmint help'],
    [
      'boat show --passphrase-fd x',
      '--passphrase-fd: "x" is no number of a descriptor',
      'zmint help',
    ],
  ])('%s: %s', async (line, message, hint) => {
    expect(await run(line)).toMatchObject({
      status: 2,
      out: '',
      err: `zmint: error: ${message}\nzmint: hint: ${hint}\n`,
    });
  });

  test('a bad key brings the list of good ones', async () => {
    const { err } = await run('boat paint red --key rsa:1024');
    expect(err).toContain('error: --key: there is no key type "rsa:1024"');
    expect(err).toContain('ec:P-256, ec:P-384');
  });
});

describe('input', () => {
  test('arguments and options reach the command parsed', async () => {
    const line =
      'boat --json paint red --zone there b1 -a --coats=3 --no-primer -str blue --stripe white ' +
      '--key RSA:2048 --at 1h --dry 2d --yes -- --b2';
    expect((await run(line)).json()).toEqual({
      schema: 'zmint.boat-paint/1',
      colour: 'red',
      boats: ['b1', '--b2'],
      all: true,
      noPrimer: true,
      coats: 3,
      key: 'rsa:2048',
      at: { when: 'at', instant: 1_795_238_779 + 3600 },
      dry: 172_800,
      stripe: ['blue', 'white'],
      secret: false,
      answer: 'go',
      zoneHome: '/work-folder/there',
    });
  });

  test('what is not given is undefined, false or empty', async () => {
    expect((await run('paint-boat red --yes --json')).json()).toEqual({
      schema: 'zmint.boat-paint/1',
      colour: 'red',
      boats: [],
      all: false,
      noPrimer: false,
      stripe: [],
      secret: false,
      answer: 'go',
      zoneHome: '/home/anna/.local/share/zmint',
    });
  });

  test('a shortcut puts its words in front', async () => {
    expect((await run('redden b1 --yes --json')).json()).toMatchObject({
      colour: 'red',
      boats: ['b1'],
    });
  });
});

describe('changing something', () => {
  test('with --yes the plan is shown and nobody is asked', async () => {
    expect(await run('boat paint red b1 --yes')).toMatchObject({
      status: 0,
      out: 'go: red\n',
      err: 'Paint b1 red\nzmint: the paint is wet\nnext: zmint boat show\n',
    });
  });

  test('--quiet keeps everything but the result away', async () => {
    expect(await run('boat paint red b1 --yes --quiet')).toMatchObject({
      out: 'go: red\n',
      err: '',
    });
  });

  test('--dry-run stops after the plan, even when it is quiet', async () => {
    const { out, err } = await run('boat paint red b1 --dry-run --yes --quiet');
    expect({ out, err }).toEqual({ out: 'dry-run: red\n', err: 'Paint b1 red\n' });
  });

  test('without a terminal the question is in the message, and nothing is done', async () => {
    expect(await run('boat paint red b1')).toMatchObject({
      status: 2,
      out: '',
      err:
        'Paint b1 red\nzmint: error: nobody is there to answer "Paint them?"\n' +
        'zmint: hint: add --yes to go ahead, or --dry-run to see the plan alone\n',
    });
    expect((await run('boat paint red b1 --json')).json()).toMatchObject({
      schema: 'zmint.error/1',
      code: 'question-unanswered',
      details: { question: 'Paint them?' },
    });
    expect(await run('boat show ask')).toMatchObject({ status: 2 });
  });

  test.each([
    ['y\r', 0, 'go: red\n'],
    ['n\r', 130, ''],
    ['\r', 130, ''],
    ['\u0003', 130, ''],
  ])('a person who types %j ends with %d', async (typed, status, out) => {
    const world = fakeTerminal({ environment: { NO_COLOR: '1' } });
    // The question listens only after it was drawn.
    world.dialogueOutput.once('data', () => setTimeout(() => world.input.write(typed), 20));
    const result = await run('boat paint red b1', world);
    expect({ status: result.status, out: result.out }).toEqual({ status, out });
    expect(result.err).toContain('Paint b1 red\n');
  });
});

describe('errors', () => {
  test('outside text is escaped on the terminal and in JSON', async () => {
    expect(await run('boat show sunk')).toMatchObject({
      status: 17,
      out: '',
      err: 'zmint: error: there is no boat "\\x1b[31mred\\u202e"\nzmint: hint: zmint boat list\n',
    });
    const { out, err, json } = await run('boat show sunk --json');
    expect(err).toBe('');
    expect(out).not.toMatch(/[\u0080-\u009f\u202e]/u);
    expect(json()).toEqual({
      schema: 'zmint.error/1',
      code: 'not-found',
      message: 'there is no boat "\u001b[31mred\u202e"',
      hint: 'zmint boat list',
      details: { boat: '\u009b31m' },
    });
  });

  test('what nobody expected is a bug, with its stack when it is wanted', async () => {
    const short = await run('boat show crash');
    expect(short.status).toBe(70);
    expect(short.err.split('\n')).toHaveLength(3);
    expect(short.err).toContain('error: boat is\\x0aundefined');
    expect((await run('boat show crash --verbose')).err).toContain('sample-commands');
    expect((await run('boat show crash --verbose --json')).json()).toMatchObject({
      details: { stack: expect.stringContaining('sample-commands') },
    });
  });

  test('an outcome may bring its own status', async () => {
    expect(await run('boat show partly')).toMatchObject({ status: 40, out: 'a boat\n' });
  });

  test('an interrupt ends at once with 130', async () => {
    const world = fakeSurroundings();
    const result = run('boat show hang', world);
    await new Promise((resolve) => setTimeout(resolve, 20));
    world.interrupt();
    expect(await result).toMatchObject({ status: 130, out: '' });
    expect(world.err.text).toContain('error: interrupted');
  });
});

describe('colour', () => {
  test.each([
    ['a terminal', { terminal: true, environment: {}, coloured: true }],
    ['no terminal', { terminal: false, environment: {}, coloured: false }],
    ['NO_COLOR', { terminal: true, environment: { NO_COLOR: '1' }, coloured: false }],
    ['an empty NO_COLOR', { terminal: true, environment: { NO_COLOR: '' }, coloured: true }],
    ['FORCE_COLOR', { terminal: false, environment: { FORCE_COLOR: '1' }, coloured: true }],
    ['FORCE_COLOR=0', { terminal: true, environment: { FORCE_COLOR: '0' }, coloured: false }],
    ['a dumb terminal', { terminal: true, environment: { TERM: 'dumb' }, coloured: false }],
    ['both', { terminal: true, environment: { FORCE_COLOR: '1', NO_COLOR: '1' }, coloured: false }],
  ])('%s', async (_name, { terminal, environment, coloured }) => {
    const world = terminal ? fakeTerminal({ environment }) : fakeSurroundings({ environment });
    const { out } = await run('boat paint red --yes', world);
    expect(out.includes('\u001b[')).toBe(coloured);
  });

  test('--no-color on a terminal', async () => {
    const { out } = await run('boat paint red --yes --no-color', fakeTerminal());
    expect(out).toBe('go: red\n');
  });

  test('JSON is never coloured, and indented only on a terminal', async () => {
    const line = 'boat show --json';
    expect((await run(line, fakeTerminal())).out).toBe(
      '{\n  "schema": "zmint.boat-show/1",\n  "boat": "x\\u202ey"\n}\n',
    );
    expect((await run(line)).out).toBe('{"schema":"zmint.boat-show/1","boat":"x\\u202ey"}\n');
  });
});
