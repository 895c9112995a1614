import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, type CommandLine } from './command-line.js';
import { makeExternalCa, type ExternalCa } from './external-ca.js';
import { derOf } from './placed-pki.js';
import { toolEnvironment } from './tools.js';

/** A zone whose CA is elsewhere, with the satellite `sat1` that has no certificate yet. */
export interface SatelliteZone {
  readonly at: CommandLine;
  readonly ca: ExternalCa;
  /** A path in the working folder of the command lines. */
  readonly file: (name: string) => string;
  /**
   * A key and a certificate for `sat1` from the CA, as `NAME.key` (PKCS#8 DER), `NAME.der` and `ca.der`,
   * the issuer's certificate, in the working folder.
   */
  readonly sign: (name: string, dnsName?: string) => void;
}

export async function satelliteZone(options = '--reload true'): Promise<SatelliteZone> {
  const at = commandLine();
  const ca = makeExternalCa();
  const file = (name: string): string => join(at.zoneHome, '..', name);
  writeFileSync(file('chain.pem'), ca.intermediate + ca.root);
  writeFileSync(file('password'), 'changeit\n', { mode: 0o600 });
  await at.given([
    'zmint init --name Example --server ca1 --dns ca1.example.com --ca external --chain chain.pem --yes',
    `zmint server add sat1 --dns sat1.example.com --kind satellite --role content --no-mint ${options} --yes`,
  ]);
  const sign = (name: string, dnsName = 'sat1.example.com'): void => {
    const curve = ['-pkeyopt', 'ec_paramgen_curve:P-256'];
    ca.openssl('genpkey', '-algorithm', 'ec', ...curve, '-out', `${name}.pem`);
    const subject = `/CN=${dnsName}`;
    const csr = ca.openssl('req', '-new', '-key', `${name}.pem`, '-subj', subject).toString();
    writeFileSync(file(`${name}.der`), derOf(ca.sign(csr, { names: `DNS:${dnsName}` })));
    writeFileSync(file('ca.der'), derOf(ca.intermediate));
    const key = ['pkcs8', '-topk8', '-nocrypt', '-in', `${name}.pem`, '-outform', 'DER'];
    writeFileSync(file(`${name}.key`), ca.openssl(...key), { mode: 0o600 });
  };
  return { at, ca, file, sign };
}

/** Entries and fingerprints of a keystore as Java's own tool lists them. */
export function keytoolList(store: string, password: string): string {
  const args = ['-list', '-keystore', store, '-storepass', password];
  return execFileSync('keytool', args, { env: toolEnvironment(), stdio: 'pipe' }).toString();
}
