import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { addedTree } from './added-tree.mjs';
import { inTurn } from './in-turn.mjs';
import { missingPrograms, peerCommand, PEERS } from './peers.mjs';
import { roundsFor } from './rounds-for.mjs';
import { runProgram, timedEnvironment } from './run-program.mjs';

const REMINT = 'ssl remint --ca --no-backup-check --activate-at now --yes';
const GO_SOURCE = fileURLToPath(new URL('../peer.go', import.meta.url));
const WRITE_TREE = fileURLToPath(new URL('write-tree.mjs', import.meta.url));

/** The whole CA remint of a zone of each size, in turn with everything that it is compared with. */
export async function measureCommand(bench) {
  const { options, report, zones } = bench;
  const go = buildGo(bench);
  for (const size of options.sizes) {
    const zone = await zones.zoneOf(size);
    const tree = { zone, list: zones.newPath('tree.json') };
    const sides = [
      remintSide({ bench, zone, size, tree }),
      treeSide({ bench, size, tree }),
      ...(go === undefined ? [] : [goSide({ bench, size, go })]),
      ...peerSides(bench),
    ];
    const rounds = roundsFor(size, options.rounds);
    const rows = await inTurn(sides, { rounds, warmUp: size <= 1000 });
    report.table(
      `a CA remint of ${size} servers, its peers on ${availableParallelism()} cores`,
      rows,
    );
    compare({ report, size, rows, go });
  }
}

function remintSide({ bench: { options, zones }, zone, size, tree }) {
  return {
    name: `zmint ${REMINT}`,
    count: size,
    async work() {
      const copy = zones.copyOf(zone);
      const words = [options.program, '--zone', copy, ...REMINT.split(' ')];
      const cost = await runProgram([process.execPath, ...words]);
      writeFileSync(tree.list, JSON.stringify(addedTree(zone, copy)));
      return cost;
    },
  };
}

/**
 * Into another copy of the zone, so that the folders that the remint has found are there here too.
 */
function treeSide({ bench: { zones }, size, tree }) {
  return {
    name: 'the same tree, plainly, one sync',
    count: size,
    work() {
      const copy = zones.copyOf(tree.zone);
      return runProgram([process.execPath, WRITE_TREE, tree.list, copy]);
    },
  };
}

function buildGo({ report, zones }) {
  const [missing] = missingPrograms(['go']);
  if (missing !== undefined) {
    report.missing('go (golang-go)');
    return undefined;
  }
  const program = zones.newPath('peer');
  const env = timedEnvironment({ GOCACHE: zones.newPath('gocache'), GO111MODULE: 'off' });
  execFileSync('go', ['build', '-o', program, GO_SOURCE], { env, stdio: 'inherit' });
  return program;
}

function goSide({ bench: { zones }, size, go }) {
  const lanes = String(availableParallelism());
  return {
    name: 'Go, crypto/x509, files only',
    count: size,
    work() {
      zones.settle();
      const out = zones.newPath('go');
      return runProgram([go, '-n', String(size), '-out', out, '-goroutines', lanes]);
    },
  };
}

function peerSides({ report, zones }) {
  return PEERS.flatMap((peer) => {
    const missing = missingPrograms(peer.programs);
    for (const program of missing) report.missing(program);
    return missing.length > 0 ? [] : [peerSide(peer, zones)];
  });
}

function peerSide(peer, zones) {
  const { name, count } = peer;
  const lanes = availableParallelism();
  return {
    name,
    count,
    async work() {
      const folder = zones.newPath('peer');
      mkdirSync(folder);
      await runProgram(peerCommand(peer, { folder, lanes, count: 0 }));
      zones.settle();
      return runProgram(peerCommand(peer, { folder, lanes, count }));
    },
  };
}

function compare({ report, size, rows, go }) {
  const [remint, tree, ...others] = rows;
  const peers = go === undefined ? others : others.slice(1);
  const best = peers.reduce((a, b) => (b.perSecond > a.perSecond ? b : a), { perSecond: 0 });
  if (best.perSecond > 0) {
    const least = `${size}: writing that tree plainly, servers a second, against the best peer`;
    report.ratio(least, tree.perSecond / best.perSecond, {
      cpu: tree.perCpuSecond / best.perCpuSecond,
    });
    const name = `${size}: servers a second, against the best peer (${best.name})`;
    report.ratio(name, remint.perSecond / best.perSecond, {
      goal: '≥ 10',
      cpu: remint.perCpuSecond / best.perCpuSecond,
    });
  }
  if (go !== undefined) {
    const [byGo] = others;
    report.ratio(`${size}: servers a second, against Go`, remint.perSecond / byGo.perSecond, {
      goal: '≥ 1',
      cpu: remint.perCpuSecond / byGo.perCpuSecond,
    });
  }
  const goal = size >= 10_000 ? '≤ 1.3' : undefined;
  report.ratio(`${size}: time, against writing the same tree`, remint.wall / tree.wall, {
    goal,
    cpu: remint.cpu / tree.cpu,
  });
}
