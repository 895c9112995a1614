import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { inTurn } from './in-turn.mjs';
import { missingPrograms } from './peers.mjs';
import { runProgram } from './run-program.mjs';

/** Few are enough: nothing but the keys costs anything. */
const SERVERS = 40;
const KEYS = SERVERS + 1;
const REMINT = 'ssl remint --ca --no-backup-check --key rsa:2048 --activate-at now --yes';

/**
 * A CA remint with RSA-2048, the CA's key included, against `openssl genrsa` of as many keys on all
 * cores.
 */
export async function measureRsa({ options, report, zones }) {
  const [missing] = missingPrograms(['openssl']);
  if (missing !== undefined) {
    report.missing(missing);
    return;
  }
  const zone = await zones.zoneOf(SERVERS);
  const remint = {
    name: `zmint ${REMINT}`,
    count: KEYS,
    work() {
      const copy = zones.copyOf(zone);
      const words = [options.program, '--zone', copy, ...REMINT.split(' ')];
      return runProgram([process.execPath, ...words]);
    },
  };
  const genrsa = {
    name: 'openssl genrsa 2048, one lane a core',
    count: KEYS,
    work() {
      const folder = zones.newPath('genrsa');
      mkdirSync(folder);
      const script = 'seq "$1" | xargs -P "$2" -I{} openssl genrsa -out {}.pem 2048 2>&1';
      const words = [script, 'bash', String(KEYS), String(availableParallelism())];
      return runProgram(['bash', '-c', ...words], { cwd: folder });
    },
  };
  const rows = await inTurn([remint, genrsa], { rounds: options.rounds, warmUp: false });
  report.table(`a CA remint of ${SERVERS} servers with RSA-2048: ${KEYS} keys`, rows);
  const [own, other] = rows;
  report.ratio('RSA-2048: keys a second, against openssl genrsa', own.perSecond / other.perSecond, {
    goal: '≥ 1',
    cpu: own.perCpuSecond / other.perCpuSecond,
  });
}
