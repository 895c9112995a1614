// What cron calls every minute: `ssl resume --quiet` with nothing due, on zones of many servers, as
// a ratio to Node that does nothing. Once with the zone at rest, and once while a CA remint waits
// for its day, which is two weeks off; then `check` and `status` too, which at rest are measured by
// the bench status. Not measured: what it does when something is due (see remint).
import { againstBare } from './frame/against-bare.mjs';
import { inTurn } from './frame/in-turn.mjs';
import { BARE_NODE, zmintSide } from './frame/programs.mjs';
import { runBench } from './frame/run-bench.mjs';
import { runProgram } from './frame/run-program.mjs';

const PLAN = 'ssl remint --ca --no-backup-check --activate-at 14d --yes';
const PARTS = ['rest', 'waiting'];
const BENCH = {
  name: 'resume',
  about: `\`ssl resume --quiet\` with nothing due against bare Node: in a zone at rest (rest), and while
a CA remint waits for its day (waiting), then \`check\` and \`status\` too.`,
  rounds: 15,
  sizes: [1000],
  parts: PARTS,
};

await runBench(BENCH, async ({ options, report, zones }) => {
  const { program } = options;
  for (const size of options.sizes) {
    const sides = [BARE_NODE];
    const copy = zones.copyOf(await zones.zoneOf(size));
    if (options.parts.includes('rest')) {
      sides.push(
        zmintSide('ssl resume --quiet', {
          program,
          zone: copy,
          name: 'ssl resume --quiet, at rest',
        }),
      );
    }
    if (options.parts.includes('waiting')) {
      const waiting = zones.copyOf(copy);
      await runProgram([process.execPath, program, '--zone', waiting, ...PLAN.split(' ')]);
      zones.settle();
      for (const line of ['ssl resume --quiet', 'check', 'status']) {
        const name = `${line}, a remint waits`;
        sides.push(zmintSide(line, { program, zone: waiting, name }));
      }
    }
    const rows = againstBare(await inTurn(sides, { rounds: options.rounds }));
    report.table(`a zone of ${size} servers`, rows);
    for (const { name, wallRatio, cpuRatio } of rows.slice(1)) {
      const goal = name.includes('ssl resume') ? '≤ 2' : undefined;
      report.ratio(`${size}: ${name}, against bare Node`, wallRatio, { goal, cpu: cpuRatio });
    }
  }
});
