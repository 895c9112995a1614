// The main job: a key and a certificate for every server, and with a new CA all of them live.
//
//   mint     in memory: zmint's own code against the same keys and signatures by node:crypto alone,
//            which is the limit, per second of processor time; `openssl speed` stands beside it.
//   command  `ssl remint --ca --no-backup-check --activate-at now --yes`, whole, durable, each round in a fresh copy of
//            a zone of local servers without reload command and probe; against what openssl, mkcert,
//            cfssl, certtool and easy-rsa need for keys and certificates alone, one lane a core;
//            against a Go program that writes files and syncs nothing; against writing the very tree
//            that the remint has written, plainly, with one sync.
//   rsa      the same with RSA-2048, against `openssl genrsa` of as many keys, one lane a core.
//   scale    remint, activate, list and roll back: time for each server and peak memory, by size.
//
// Not measured: reload commands, handshakes, the network, a CA key behind a passphrase (scrypt costs
// half a second, once). The peers sync nothing, record nothing and read nothing back; that is their
// advantage.
import { runBench } from './frame/run-bench.mjs';
import { measureCommand } from './frame/remint-command.mjs';
import { measureMint } from './frame/remint-mint.mjs';
import { measureRsa } from './frame/remint-rsa.mjs';
import { measureScale } from './frame/remint-scale.mjs';

const PARTS = {
  mint: measureMint,
  command: measureCommand,
  rsa: measureRsa,
  scale: measureScale,
};
const BENCH = {
  name: 'remint',
  about: `Minting in memory against the limit of the crypto library (mint), the whole CA remint
against other programs and against writing the same tree (command), the same with
RSA against openssl genrsa (rsa), and remint, activate, list and roll back by the
size of the zone (scale).`,
  rounds: 5,
  sizes: [1000],
  parts: Object.keys(PARTS),
};

await runBench(BENCH, async (bench) => {
  for (const part of bench.options.parts) {
    bench.report.say(part);
    await PARTS[part](bench);
  }
});
