// What people and scripts call all day, on zones of many servers: status, check and the lists, as
// text and as JSON, as ratios to Node that does nothing; and each size against the smallest. The
// zones are at rest: one CA, a certificate for each server, no operation. Not measured: doctor and
// verify, which look at every file.
import { againstBare } from './frame/against-bare.mjs';
import { inTurn } from './frame/in-turn.mjs';
import { BARE_NODE, zmintSide } from './frame/programs.mjs';
import { runBench } from './frame/run-bench.mjs';

/** Goals for 10,000 servers against bare Node, and for ten times as many against these. */
const LINES = [
  { line: 'status', goal: '≤ 1.35', growth: '≤ 1.15' },
  { line: 'status --json' },
  { line: 'check', goal: '≤ 1.35', growth: '≤ 1.15' },
  { line: 'check --json' },
  { line: 'ssl list', goal: '≤ 2', bigGoal: '≤ 8' },
  { line: 'ssl list --json' },
  { line: 'server list' },
  { line: 'server list --json' },
];
const USUAL = 10_000;
const BENCH = {
  name: 'status',
  about: 'status, check, ssl list and server list on zones of many servers, against bare Node.',
  rounds: 15,
  sizes: [1000],
};

await runBench(BENCH, async ({ options, report, zones }) => {
  const found = new Map();
  for (const size of options.sizes) {
    const zone = await zones.zoneOf(size);
    const given = { program: options.program, zone, statuses: [0, 1] };
    const sides = [BARE_NODE, ...LINES.map(({ line }) => zmintSide(line, given))];
    const rows = againstBare(await inTurn(sides, { rounds: options.rounds }));
    for (const [index, side] of sides.entries()) {
      if (side === BARE_NODE) continue;
      rows[index].peak = (await side.work(0, { memory: true })).peak;
    }
    report.table(`a zone of ${size} servers`, rows);
    for (const [index, wanted] of LINES.entries()) {
      const { wallRatio, cpuRatio } = rows[index + 1];
      found.set(`${wanted.line}, ${size}`, { wallRatio, cpuRatio });
      const goal = goalOf(wanted, size);
      if (goal === undefined) continue;
      report.ratio(`${size}: ${wanted.line}, against bare Node`, wallRatio, {
        goal,
        cpu: cpuRatio,
      });
    }
  }
  compareSizes({ report, sizes: options.sizes, found });
});

function goalOf({ goal, bigGoal }, size) {
  return size > USUAL ? bigGoal : goal;
}

function compareSizes({ report, sizes, found }) {
  const smaller = sizes.includes(USUAL) ? USUAL : sizes[0];
  for (const size of sizes.filter((each) => each > smaller)) {
    for (const { line, growth } of LINES) {
      const [big, small] = [size, smaller].map((each) => found.get(`${line}, ${each}`));
      report.ratio(
        `${line}: ${size} servers, against ${smaller}`,
        big.wallRatio / small.wallRatio,
        {
          goal: smaller === USUAL ? growth : undefined,
          cpu: big.cpuRatio / small.cpuRatio,
        },
      );
    }
  }
}
