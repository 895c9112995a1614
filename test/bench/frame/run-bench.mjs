import { existsSync } from 'node:fs';
import { openReport } from './report.mjs';
import { readOptions } from './read-options.mjs';
import { openZones } from './zones.mjs';

/**
 * The frame of a bench: reads the options behind its name, opens report and zones, runs it and
 * prints what it found. `bench` is as for `readOptions`; `run` gets `{ options, report, zones }`.
 * Zones are removed however it ends.
 */
export async function runBench(bench, run) {
  let options;
  try {
    options = readOptions(bench, process.argv.slice(3));
  } catch (error) {
    console.error(`npm run bench -- ${bench.name}: ${error.message}; --help says what there is`);
    process.exitCode = 2;
    return;
  }
  if (options === undefined) return;
  if (!existsSync(options.program)) {
    console.error(
      `npm run bench -- ${bench.name}: there is no ${options.program}; npm run build makes it`,
    );
    process.exitCode = 2;
    return;
  }
  const report = openReport(bench.name, options);
  const zones = openZones({ ...options, say: report.say });
  const stop = () => {
    zones.close();
    process.exit(130);
  };
  process.once('SIGINT', stop);
  try {
    await run({ options, report, zones });
    report.print();
  } catch (error) {
    console.error(`npm run bench -- ${bench.name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', stop);
    zones.close();
  }
}
