import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { styleFor } from '../../commands/cli/colour.js';
import { reportError } from '../../commands/cli/report-error.js';
import { descriptorOutput } from '../descriptor-output.js';
import { killChildren } from './child.js';
import { Crowd } from './crowd.js';
import { sumOf, type Tallies } from './handshakes.js';
import { QuickZone } from './quick-zone.js';
import { startSites, type Places, type Site } from './sites.js';
import { renderNext, renderStep, renderTallies, renderTitle } from './story.js';

const FIRST = ['ca1'];
const OTHERS = ['web1', 'web2', 'web3'];
const INTERRUPTED = 130;
const TERMINATED = 143;

/** Does something, then tells it with the seconds that it took. */
type Step = <T>(text: string, work: () => Promise<T>) => Promise<T>;

/**
 * The main job on a zone of its own in a fresh temporary folder, with real servers and clients; each
 * step is told on standard output. Returns the exit status: 1 when a handshake or anything else
 * failed. The zone stays, the processes do not.
 *
 * @param program - the file of this program, which is run again for the servers and the clients
 */
export async function quickstart(program: string): Promise<number> {
  const [out, err] = [descriptorOutput(1), descriptorOutput(2)];
  const style = await styleFor(out, { environment: process.env }, false);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'zmint-quickstart-'));
  const places = { program, zoneHome: join(folder, 'zone'), runFolder: join(folder, 'run') };
  stopOnSignals(folder);
  const step: Step = async (text, work) => {
    const began = performance.now();
    const result = await work();
    out.write(renderStep(text, (performance.now() - began) / 1000, style));
    return result;
  };
  out.write(renderTitle(style));
  try {
    const tallies = await remintUnderLoad(places, step);
    out.write(renderTallies(tallies, style));
    const zmint = relative(process.cwd(), join(dirname(program), 'zmint.js'));
    out.write(renderNext(places.zoneHome, zmint));
    return sumOf(tallies).failed === 0 ? 0 : 1;
  } catch (error) {
    reportError(error, { json: false, verbose: true }, { out, err });
    err.write(`zmint: what was made is left in ${folder}\n`);
    return 1;
  } finally {
    killChildren();
  }
}

async function remintUnderLoad(places: Places, step: Step): Promise<Tallies> {
  const zone = new QuickZone(places.zoneHome);
  const sites = await makeZone(zone, places, step);
  const crowd = await Crowd.gather(
    places.program,
    sites.map(({ target }) => target),
  );
  const known = await zone.roots();
  await step('clients that know only the old root connect without pause', async () => {
    await crowd.start('old', onlyOne(known));
    await crowd.watch('before');
  });
  const count = sites.length;
  await step(`reminted the CA and ${count} server certificates, published the new root`, () =>
    zone.remint(),
  );
  await step('clients that know only the new root connect too', async () => {
    const published = await zone.roots();
    await crowd.start('new', onlyOne(published.filter((root) => !known.includes(root))));
    await crowd.watch('before');
  });
  await crowd.enter('during');
  await step(`activated ${namesOf(sites).join(', ')}: each shows its new certificate`, () =>
    zone.activate(),
  );
  await crowd.enter('after');
  await step('both kinds of clients go on', () => crowd.watch('after'));
  const tallies = await crowd.disperse();
  await Promise.all(sites.map(({ child }) => child.stop()));
  rmSync(places.runFolder, { recursive: true });
  await zone.forget(namesOf(sites));
  return tallies;
}

async function makeZone(zone: QuickZone, places: Places, step: Step): Promise<readonly Site[]> {
  mkdirSync(places.runFolder, { mode: 0o700 });
  const first = await step('created a zone with its CA and its first server, ca1', async () => {
    const started = await startSites(places, FIRST);
    for (const { member } of started) await zone.create(member);
    return started;
  });
  const text = `added the Primary Servers ${OTHERS.join(', ')}; TLS on 127.0.0.1`;
  const others = await step(text, async () => {
    const started = await startSites(places, OTHERS);
    await zone.add(started.map(({ member }) => member));
    await zone.load([...FIRST, ...OTHERS]);
    return started;
  });
  return [...first, ...others];
}

function onlyOne([root, ...more]: readonly string[]): string {
  if (root !== undefined && more.length === 0) return root;
  throw new Error('the zone has not published exactly one new root');
}

function namesOf(sites: readonly Site[]): readonly string[] {
  return sites.map(({ member }) => member.name);
}

/** Nothing of an interrupted run is left: no process and no folder. */
function stopOnSignals(folder: string): void {
  const stop = (status: number) => (): void => {
    killChildren();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.stderr.write(`\nzmint: interrupted; nothing is left of this run\n`);
    process.exit(status);
  };
  process.on('SIGINT', stop(INTERRUPTED));
  process.on('SIGTERM', stop(TERMINATED));
}
