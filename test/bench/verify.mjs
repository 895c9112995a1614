// Looking at certificates by whole commands: `ssl verify` of a zone without probe addresses, which
// reads the files of every server, against `openssl verify` over the same certificates (which looks
// at no key and no file beside); and one command for each file, `cert verify` against `openssl
// verify`. Before that, how many paths one process judges in a second, against pkijs too, and what
// a hostile bag costs. Not measured: handshakes, revocation.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { againstBare } from './frame/against-bare.mjs';
import { inTurn } from './frame/in-turn.mjs';
import { missingPrograms } from './frame/peers.mjs';
import { BARE_NODE, zmintSide } from './frame/programs.mjs';
import { runBench } from './frame/run-bench.mjs';
import { runProgram } from './frame/run-program.mjs';
import { measurePaths } from './frame/verify-paths.mjs';

/** More names do not fit a command line. */
const LONGEST_LINE = 1000;
const BENCH = {
  name: 'verify',
  about: `Paths judged in one process, against pkijs and openssl (paths); \`ssl verify\` of a zone without
probes (zone) and \`cert verify\` of one file (file), against \`openssl verify\`.`,
  rounds: 7,
  sizes: [1000],
  parts: ['paths', 'zone', 'file'],
};

await runBench(BENCH, async (bench) => {
  const { options, report, zones } = bench;
  const missing = missingPrograms(['openssl']);
  for (const program of missing) report.missing(program);
  const peer = missing.length === 0;
  if (options.parts.includes('paths')) await measurePaths(bench);
  for (const size of options.sizes) {
    const zone = await zones.zoneOf(size);
    const found = { bench, zone, size, peer, ...filesOf(zone) };
    if (options.parts.includes('zone')) await measureZone(found);
    if (options.parts.includes('file') && size === options.sizes[0]) await measureFile(found);
  }
});

function filesOf(zone) {
  const files = readdirSync(join(zone, 'servers')).map((name) =>
    join(zone, 'servers', name, 'security/live/server.cer'),
  );
  return { files, trust: join(zone, 'servers/ca1/certificate-authority/1/ca.cert') };
}

async function measureZone({ bench: { options, report }, zone, size, peer, files, trust }) {
  const sides = [
    zmintSide('ssl verify', { program: options.program, zone, count: size }),
    ...(peer ? [opensslSide(files, trust)] : []),
  ];
  const rows = await inTurn(sides, { rounds: options.rounds });
  const { peak } = await sides[0].work(0, { memory: true });
  report.table(`a zone of ${size} servers, every server`, [{ ...rows[0], peak }, ...rows.slice(1)]);
  const [own, other] = rows;
  if (other === undefined) return;
  const name = `${size}: ssl verify, servers a second, against openssl verify`;
  report.ratio(name, own.perSecond / other.perSecond, {
    cpu: own.perCpuSecond / other.perCpuSecond,
  });
}

/** In one process, as many as fit a command line. */
function opensslSide(files, trust) {
  const chosen = files.slice(0, LONGEST_LINE);
  return {
    name: `openssl verify, ${chosen.length} files in one process`,
    count: chosen.length,
    work: () => runProgram(['openssl', 'verify', '-CAfile', trust, ...chosen]),
  };
}

async function measureFile({ bench: { options, report }, peer, files, trust }) {
  const [file] = files;
  const line = `cert verify ${file} --trust ${trust}`;
  const openssl = {
    name: 'openssl verify FILE',
    work: () => runProgram(['openssl', 'verify', '-CAfile', trust, file]),
  };
  const sides = [
    BARE_NODE,
    zmintSide(line, { program: options.program, name: 'cert verify FILE --trust FILE' }),
    ...(peer ? [openssl] : []),
  ];
  const rows = againstBare(await inTurn(sides, { rounds: options.rounds }));
  report.table('one command for one file', rows);
  const { wallRatio, cpuRatio } = rows[1];
  report.ratio('cert verify FILE, against bare Node', wallRatio, { goal: '≤ 3.2', cpu: cpuRatio });
}
