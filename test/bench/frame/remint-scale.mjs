import { roundsFor } from './rounds-for.mjs';
import { median } from './statistics.mjs';
import { runProgram } from './run-program.mjs';

/** One after the other in one zone: what each leaves is what the next starts from. */
const STEPS = [
  'ssl remint --ca --no-backup-check --activate-at 14d --yes',
  'ssl activate --now --yes',
  'ssl list',
  'ssl rollback --yes',
];
const ENOUGH_ROUNDS = 3;

/** Time for each server and peak memory of what is done to all servers, by the size of the zone. */
export async function measureScale({ options, report, zones }) {
  const costs = new Map();
  for (const size of options.sizes) await zones.zoneOf(size);
  for (let round = 1; round <= ENOUGH_ROUNDS; round += 1) {
    const enough = Math.min(options.rounds, ENOUGH_ROUNDS);
    for (const size of options.sizes.filter((each) => round <= roundsFor(each, enough))) {
      const zone = zones.copyOf(await zones.zoneOf(size));
      for (const step of STEPS) {
        const words = [options.program, '--zone', zone, ...step.split(' ')];
        const cost = await runProgram([process.execPath, ...words], { memory: true });
        const key = `${step}, ${size}`;
        costs.set(key, [...(costs.get(key) ?? []), cost]);
      }
    }
  }
  for (const step of STEPS) reportStep({ report, step, sizes: options.sizes, costs });
}

function reportStep({ report, step, sizes, costs }) {
  const rows = sizes.map((size) => rowOf(size, costs.get(`${step}, ${size}`)));
  report.table(`zmint ${step}`, rows);
  const [smallest, ...larger] = rows;
  for (const row of larger) {
    const name = `${step}: cost of one of ${row.servers}, against one of ${smallest.servers}`;
    report.ratio(name, row.perServer / smallest.perServer, {
      goal: '≤ 1.2',
      cpu: row.cpuPerServer / smallest.cpuPerServer,
    });
  }
  const { servers, peak } = rows.at(-1);
  report.ratio(`${step}: peak memory with ${servers} servers, MiB`, peak / 1024 / 1024, {
    goal: '≤ 150',
  });
}

function rowOf(servers, costs) {
  const wall = median(costs.map((cost) => cost.wall));
  const cpu = median(costs.map((cost) => cost.cpu));
  return {
    name: `${servers} servers`,
    servers,
    wall,
    cpu,
    peak: Math.max(...costs.map((cost) => cost.peak)),
    perServer: wall / servers,
    cpuPerServer: cpu / servers,
    perSecond: servers / wall,
  };
}
