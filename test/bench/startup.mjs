// How long the built program takes to start, as a ratio to `node -e 0`: all sides in turn, medians of
// many rounds, wall and CPU time. Build first (npm run build).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ZMINT = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/zmint.js');
const ROUNDS = Number(process.env.ROUNDS ?? 31);
const LINES = ['--version', '--help', 'ssl remint --help', 'completion bash', 'status'];

// NODE_EXTRA_CA_CERTS would triple the start of Node itself.
const { NODE_EXTRA_CA_CERTS: _unused, ...env } = process.env;
env.ZMINT_ZONE ??= '/nonexistent/zone';
const sides = [
  { name: 'node -e 0', words: ['-e', '0'] },
  ...LINES.map((line) => ({ name: `zmint ${line}`, words: [ZMINT, ...line.split(' ')] })),
].map((side) => ({ ...side, wall: [], cpu: [] }));

for (let round = 0; round <= ROUNDS; round += 1) {
  for (const side of sides) {
    const cpuBefore = cpuOfChildren();
    const began = performance.now();
    spawnSync(process.execPath, side.words, { env, stdio: 'ignore' });
    const wall = performance.now() - began;
    // The first round only warms the caches of the disk.
    if (round === 0) continue;
    side.wall.push(wall);
    side.cpu.push(cpuOfChildren() - cpuBefore);
  }
}

const [bare] = sides;
const rows = sides.map(({ name, wall, cpu }) => ({
  name,
  wallMs: rounded(median(wall)),
  wallRatio: rounded(median(wall) / median(bare.wall)),
  cpuMs: rounded(mean(cpu)),
  cpuRatio: rounded(mean(cpu) / mean(bare.cpu)),
}));
console.table(rows);
console.log(JSON.stringify({ bench: 'startup', node: process.version, rounds: ROUNDS, rows }));

/** CPU time of the children that have ended, in milliseconds (Linux, ticks of 10 ms: a mean says more). */
function cpuOfChildren() {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(afterName[13]) + Number(afterName[14])) * 10;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
