import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { startNginx, type Nginx } from '../support/nginx.js';
import { buildProgram, type ProgramRun } from '../support/built-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Attempt } from '../support/tls-client.js';
import { waitUntil } from '../support/wait-until.js';

export type Json = Readonly<Record<string, unknown>>;

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/gu;

/** One server of the zone and the nginx that is it. */
export interface NginxSite {
  readonly name: string;
  readonly home: string;
  readonly port: number;
  /** What a client must know beside its root. */
  readonly address: Omit<Attempt, 'root'>;
}

/** A zone that only the built program touches, each server of which is a real nginx. */
export class NginxZone {
  readonly zoneHome = join(temporaryFolder(), 'zone');
  readonly sites: NginxSite[] = [];
  readonly #program = buildProgram();
  readonly #scripts = temporaryFolder();
  readonly #nginx = new Map<string, Nginx>();
  readonly #configs = new Map<string, string>();

  /** Runs `zmint` in this zone. */
  run(...words: readonly string[]): Promise<ProgramRun> {
    return this.#program.run(...words, '--zone', this.zoneHome);
  }

  /** Runs `zmint … --yes --json`; throws with everything that it printed when its exit status is another. */
  async json(status: number, ...words: readonly string[]): Promise<Json> {
    const run = await this.run(...words, '--yes', '--json');
    if (run.status === status) return JSON.parse(run.stdout) as Json;
    throw new Error(`zmint ${words.join(' ')}: ${JSON.stringify(run, undefined, 1)}`);
  }

  /** Makes the zone with `ca1`, adds the others, and starts nginx for each. */
  async make(...others: readonly string[]): Promise<void> {
    await this.json(
      0,
      'init',
      '--name',
      'Test',
      '--server',
      'ca1',
      '--no-passphrase',
      ...(await this.#words('ca1')),
    );
    for (const name of others)
      await this.json(0, 'server', 'add', name, ...(await this.#words(name)));
    for (const site of this.sites) await this.start(site);
  }

  /** Takes over a zone home that was made elsewhere, with one server. */
  async adopt(name: string): Promise<void> {
    const words = await this.#words(name);
    await this.json(0, 'server', 'set', name, ...words.slice(2));
    for (const site of this.sites) await this.start(site);
  }

  /** Starts a server's nginx (again), with a reload command that works. */
  async start(site: NginxSite): Promise<void> {
    const nginx = await startNginx({ live: join(site.home, 'security/live'), port: site.port });
    this.#nginx.set(site.name, nginx);
    this.#configs.set(nginx.config, readFileSync(nginx.config, 'latin1'));
    this.script(site.name, nginx.reloadCommand);
  }

  /**
   * Waits until the workers from before the last reloads take no more connections: nginx starts the
   * new ones first, and lets both answer for about a tenth of a second.
   */
  settled(): Promise<void> {
    const settledOne = (nginx: Nginx): boolean =>
      nginx.log().split(': reconfiguring').length <=
      nginx.log().split('gracefully shutting').length;
    return waitUntil('the old workers of nginx to end', () =>
      [...this.#nginx.values()].every(settledOne),
    );
  }

  async stop(name: string): Promise<void> {
    await this.#nginx.get(name)?.stop();
  }

  async stopAll(): Promise<void> {
    for (const name of this.#nginx.keys()) await this.stop(name);
  }

  /** What the reload command of a server does. */
  script(name: string, text: string): void {
    writeFileSync(join(this.#scripts, name), `${text}\n`);
  }

  /** What a working reload command of a server does. */
  reloadOf(name: string): string {
    return this.#nginx.get(name)?.reloadCommand ?? '';
  }

  /** The words that name the reload command of a server, as it was added. */
  reloadWords(name: string): readonly string[] {
    return ['--reload', `/bin/sh ${join(this.#scripts, name)}`];
  }

  site(name: string): NginxSite {
    const site = this.sites.find((one) => one.name === name);
    if (site === undefined) throw new Error(`no site ${name}`);
    return site;
  }

  /** The configuration files whose bytes are not what they were at the start. */
  editedConfigs(): readonly string[] {
    return [...this.#configs]
      .filter(([file, text]) => readFileSync(file, 'latin1') !== text)
      .map(([file]) => file);
  }

  /** The roots in the published trust bundle. */
  roots(): readonly string[] {
    return readFileSync(join(this.zoneHome, 'truststore/cacerts.pem'), 'latin1').match(PEM) ?? [];
  }

  /** Waits until a root is published that is not among these, and returns within a millisecond or so. */
  async published(known: readonly string[]): Promise<string> {
    const giveUp = performance.now() + 30_000;
    while (performance.now() < giveUp) {
      const fresh = this.roots().find((root) => !known.includes(root));
      if (fresh !== undefined) return fresh;
      await pause(1);
    }
    throw new Error('no new root was published');
  }

  /** The certificates that a server is to send, PEM. */
  live(name: string): readonly string[] {
    const file = join(this.site(name).home, 'security/live/server.cer');
    return readFileSync(file, 'latin1').match(PEM) ?? [];
  }

  async #words(name: string): Promise<readonly string[]> {
    const port = await freePort();
    const dnsName = `${name}.example.com`;
    const address = { target: `127.0.0.1:${port}`, serverName: dnsName };
    this.sites.push({ name, home: join(this.zoneHome, 'servers', name), port, address });
    return ['--dns', dnsName, '--probe', address.target, ...this.reloadWords(name)];
  }
}

/** The members in a report of an operation, by name. */
export function membersOf(report: Json): Readonly<Record<string, Json>> {
  const members = report.members as readonly (Json & { readonly name: string })[];
  return Object.fromEntries(members.map((member) => [member.name, member]));
}
