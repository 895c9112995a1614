// How long the built program takes to start, as a ratio to Node that does nothing: what answers at
// once (--version, --help), what works without a zone, and what works in a small one, the heavy
// commands among them; with `openssl x509` as an example of what people are used to. All in turn,
// wall and CPU time, many rounds. Not measured: a cold disk (the first round warms it) and zones of
// size (see status).
import { join } from 'node:path';
import { againstBare } from './frame/against-bare.mjs';
import { inTurn } from './frame/in-turn.mjs';
import { missingPrograms } from './frame/peers.mjs';
import { BARE_NODE, zmintSide } from './frame/programs.mjs';
import { runBench } from './frame/run-bench.mjs';
import { runProgram } from './frame/run-program.mjs';

const SERVERS = 3;
const BENCH = {
  name: 'startup',
  about: 'Start-up of the built program against bare Node and `openssl x509`, wall and CPU time.',
  rounds: 31,
};

await runBench(BENCH, async ({ options, report, zones }) => {
  const zone = await zones.zoneOf(SERVERS);
  const file = join(zone, 'servers/web1/security/live/server.cer');
  const { program } = options;
  const nowhere = { program, zone: join(zone, 'nothing-here'), statuses: [0, 10] };
  const sides = [
    BARE_NODE,
    zmintSide('--version', { program, goal: '≤ 1.6' }),
    zmintSide('--help', { program, goal: '≤ 1.6' }),
    zmintSide('ssl remint --help', { program }),
    zmintSide('completion bash', { program }),
    zmintSide('status', { ...nowhere, name: 'status, where there is no zone' }),
    zmintSide('status', { program, zone }),
    zmintSide(`cert inspect ${file}`, { program, name: 'cert inspect FILE', goal: '≤ 3.2' }),
    zmintSide('ssl remint web1 --dry-run', { program, zone, goal: '≤ 3.2' }),
    ...opensslSides(report, file),
  ];
  const rows = againstBare(await inTurn(sides, { rounds: options.rounds }));
  report.table(`start-up, zone of ${SERVERS} servers`, rows);
  for (const [index, { name, goal }] of sides.entries()) {
    if (goal === undefined) continue;
    const { wallRatio, cpuRatio } = rows[index];
    report.ratio(`${name}, against bare Node`, wallRatio, { goal, cpu: cpuRatio });
  }
});

function opensslSides(report, file) {
  const [missing] = missingPrograms(['openssl']);
  if (missing !== undefined) {
    report.missing(missing);
    return [];
  }
  const words = ['openssl', 'x509', '-in', file, '-noout', '-enddate'];
  return [{ name: 'openssl x509 -enddate', work: () => runProgram(words) }];
}
