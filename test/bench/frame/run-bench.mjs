import { openReport } from './report.mjs';
import { readOptions } from './read-options.mjs';
import { openZones } from './zones.mjs';

/**
 * The frame of a bench: reads the options behind its name, opens report and zones, runs it and prints what
 * it found. `bench` is as for `readOptions`; `run` gets `{ options, report, zones }`. Zones are removed however it ends.
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
  } finally {
    process.off('SIGINT', stop);
    zones.close();
  }
}
