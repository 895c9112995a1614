import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type {
  CrlsWritten,
  DeferredHomes,
  KeystoreFiles,
  MemberHomes,
  ObservedHome,
  RepoFiles,
  RequestFiles,
  SetFiles,
  SetToWrite,
} from '../../ports/member-homes.js';
import { deferredZoneFs, type DeferredZoneFs } from './deferred-zone-fs.js';
import {
  placeFolder,
  placeFreshFiles,
  removePlacedFolder,
  replaceFiles,
  sweepLeftovers,
  writeFreshFiles,
  type NamedFiles,
} from './durable-write.js';
import { findGeneration, generationName } from './generation-number.js';
import { errorOf } from './lane-task.js';
import { pointLive, removeLive } from './live-link.js';
import { readMemberCrls, writeMemberCrls } from './member-crls.js';
import { readLive } from './read-live.js';
import { clearRepoFiles, readRepoFiles, repoFiles, type RepoSet } from './remint-repo.js';
import { readRequestFiles } from './request-folder.js';
import { SafeFolders } from './safe-folders.js';
import {
  isSetComplete,
  readKeyFile,
  readKeystoreFiles,
  readSetFiles,
  setFiles,
} from './set-folder.js';
import { settle } from './settle.js';
import type { SetLane } from './set-lane.js';
import { shellWord } from '../../zone/shell-word.js';
import type { ZoneFs } from './zone-fs.js';

const REPO = 'remint-repo';
const SECURITY = 'security';
const GENERATIONS = 'generations';
const REQUESTS = 'requests';
/** With fewer sets the start of a thread takes longer than they do. */
const WORTH_A_THREAD = 200;

/** Members' homes as folders of this machine; the layout is that of `zone.md`. */
export class FileMemberHomes implements MemberHomes {
  readonly #fs: ZoneFs;
  readonly #zoneHome: string;
  readonly #lane: SetLane | undefined;
  readonly #folders: SafeFolders;

  /** The zone home, an absolute path, tells which homes lie in it; `remember` as in `SafeFolders`. */
  constructor(fs: ZoneFs, zoneHome: string, remember = false, lane?: SetLane) {
    this.#fs = fs;
    this.#lane = lane;
    this.#zoneHome = zoneHome;
    this.#folders = new SafeFolders(fs, zoneHome, remember);
  }

  prepare(home: string): Promise<void> {
    return settle(() => {
      this.#folders.ensure(home, REPO);
      sweepLeftovers(this.#fs, this.#folders.ensure(home, SECURITY, GENERATIONS));
    });
  }

  observe(home: string): Promise<ObservedHome> {
    return settle(() => {
      const security = this.#folders.find(home, SECURITY);
      if (security === undefined) return { live: undefined, generations: [] };
      return { live: readLive(this.#fs, security), generations: this.#complete(home) };
    });
  }

  live(home: string): Promise<number | undefined> {
    return settle(() => {
      const security = this.#folders.find(home, SECURITY);
      return security === undefined ? undefined : readLive(this.#fs, security);
    });
  }

  readKey(home: string, number: number): Promise<Uint8Array | undefined> {
    return settle(() => {
      const folder = this.#folders.find(home, SECURITY, GENERATIONS, generationName(number));
      return folder === undefined ? undefined : readKeyFile(this.#folders, folder);
    });
  }

  readSet(home: string, number: number): Promise<SetFiles | undefined> {
    return settle(() => {
      const folder = this.#folders.find(home, SECURITY, GENERATIONS, generationName(number));
      return folder === undefined ? undefined : readSetFiles(this.#folders, folder);
    });
  }

  readKeystore(home: string): Promise<KeystoreFiles> {
    return settle(() => {
      const security = this.#folders.find(home, SECURITY);
      const live = security === undefined ? undefined : readLive(this.#fs, security);
      if (live === undefined) return {};
      const folder = this.#folders.find(home, SECURITY, GENERATIONS, generationName(live));
      return folder === undefined ? {} : readKeystoreFiles(this.#folders, folder);
    });
  }

  writeSet(home: string, number: number, files: SetFiles): Promise<void> {
    return settle(() => {
      const named = setFiles(files);
      placeFolder(this.#fs, this.#requireNotLive(home, number), generationName(number), named);
    });
  }

  switchLive(home: string, number: number): Promise<number | undefined> {
    return settle(() => {
      const security = this.#folders.require(home, SECURITY);
      const folder = this.#folders.find(home, SECURITY, GENERATIONS, generationName(number));
      if (folder === undefined || !isSetComplete(this.#fs, folder)) {
        const path = join(security, GENERATIONS, generationName(number));
        throw new ZmintError('damaged', `the set in ${path} is not complete`, {
          hint: 'zmint ssl resume',
          details: { path },
        });
      }
      return pointLive(this.#fs, security, number);
    });
  }

  unlinkLive(home: string): Promise<void> {
    return settle(() => {
      const security = this.#folders.find(home, SECURITY);
      if (security !== undefined) removeLive(this.#fs, security);
    });
  }

  removeSet(home: string, number: number): Promise<void> {
    return settle(() => {
      if (this.#folders.find(home, SECURITY, GENERATIONS) === undefined) return;
      removePlacedFolder(this.#fs, this.#requireNotLive(home, number), generationName(number));
    });
  }

  writeRequest(home: string, number: number, files: RequestFiles): Promise<void> {
    return settle(() => {
      const requests = this.#folders.ensure(home, SECURITY, REQUESTS);
      placeFolder(this.#fs, requests, generationName(number), { ...files });
    });
  }

  readRequest(home: string, number: number): Promise<RequestFiles | undefined> {
    return settle(() => {
      const folder = this.#folders.find(home, SECURITY, REQUESTS, generationName(number));
      return folder === undefined ? undefined : readRequestFiles(this.#folders, folder);
    });
  }

  removeRequest(home: string, number: number): Promise<void> {
    return settle(() => {
      const requests = this.#folders.find(home, SECURITY, REQUESTS);
      if (requests !== undefined) removePlacedFolder(this.#fs, requests, generationName(number));
    });
  }

  writeRepoRequest(home: string, csr: Uint8Array): Promise<void> {
    return settle(() => {
      replaceFiles(this.#fs, this.#folders.ensure(home, REPO), { 'server.csr': csr });
    });
  }

  writeCrls(home: string, pem: Uint8Array): Promise<CrlsWritten> {
    return settle(() => writeMemberCrls(this.#fs, this.#folders, home, pem));
  }

  readCrls(home: string): Promise<Uint8Array | undefined> {
    return settle(() => readMemberCrls(this.#folders, home));
  }

  readRepo(home: string): Promise<RepoFiles> {
    return settle(() => readRepoFiles(this.#fs, this.#folders, this.#folders.find(home, REPO)));
  }

  writeRepo(home: string, files: RepoSet): Promise<void> {
    return settle(() => {
      this.render(this.#folders.require(home, REPO), repoFiles(files));
    });
  }

  /** Replaces files of a repo; others stay. */
  protected render(repo: string, files: NamedFiles): void {
    replaceFiles(this.#fs, repo, files);
  }

  clearRepo(home: string, files: Readonly<Record<string, string>>): Promise<void> {
    return settle(() => {
      const repo = this.#folders.find(home, REPO);
      if (repo !== undefined) clearRepoFiles(this.#fs, this.#folders, repo, files);
    });
  }

  /** As `DeferredHomes.writeSets`, each set durable or not as this object's writes are. */
  async writeSets(sets: readonly SetToWrite[]): Promise<readonly (ZmintError | undefined)[]> {
    const outcomes: (ZmintError | undefined)[] = [];
    for (const { home, number, files } of sets) {
      try {
        this.#folders.ensure(home, REPO);
        this.#folders.ensure(home, SECURITY, GENERATIONS);
        await this.writeSet(home, number, files);
        outcomes.push(undefined);
      } catch (error) {
        if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
        outcomes.push(error);
      }
    }
    return outcomes;
  }

  deferred(): DeferredHomes {
    return new DeferredMemberHomes(deferredZoneFs(this.#fs), this.#zoneHome, this.#lane);
  }

  #complete(home: string): readonly number[] {
    const folder = this.#folders.find(home, SECURITY, GENERATIONS);
    if (folder === undefined) return [];
    return (this.#fs.list(folder) ?? [])
      .flatMap((name) => findGeneration(name) ?? [])
      .filter((number) => {
        const set = this.#folders.find(home, SECURITY, GENERATIONS, generationName(number));
        return set !== undefined && isSetComplete(this.#fs, set);
      })
      .sort((a, b) => a - b);
  }

  /** The folder of all generations, once it is sure that this one may be changed. */
  #requireNotLive(home: string, number: number): string {
    const generations = this.#folders.require(home, SECURITY, GENERATIONS);
    // A link or file in place of the generation is refused here.
    this.#folders.find(home, SECURITY, GENERATIONS, generationName(number));
    const security = this.#folders.require(home, SECURITY);
    if (readLive(this.#fs, security) !== number) return generations;
    const path = join(generations, generationName(number));
    throw new ZmintError('damaged', `the set in ${path} is live and cannot be changed`, {
      hint: `ls -l ${shellWord(security)}`,
      details: { path },
    });
  }
}

/** Members' homes whose writes become durable together. */
class DeferredMemberHomes extends FileMemberHomes implements DeferredHomes {
  readonly #deferred: DeferredZoneFs;
  readonly #others: SetLane | undefined;
  /** By repo, the names of files that lie there under temporary names. */
  readonly #rendered = new Map<string, readonly string[]>();

  constructor(fs: DeferredZoneFs, zoneHome: string, lane: SetLane | undefined) {
    super(fs, zoneHome, true);
    this.#deferred = fs;
    this.#others = lane;
  }

  override async writeSets(
    sets: readonly SetToWrite[],
  ): Promise<readonly (ZmintError | undefined)[]> {
    if (this.#others === undefined || sets.length < WORTH_A_THREAD) return super.writeSets(sets);
    const { failures, written } = await this.#others.write(sets);
    this.#deferred.adopt(written);
    const outcomes = new Map(failures.map((one) => [one.index, errorOf(one)]));
    return sets.map((_, index) => outcomes.get(index));
  }

  /**
   * What lies in a repo and is no part of a set on disk would be taken for a person's. So the files
   * get their names there when they and the sets are durable.
   */
  async flush(): Promise<void> {
    const rendered = [...this.#rendered];
    this.#rendered.clear();
    await this.#deferred.flush();
    for (const [repo, names] of rendered) placeFreshFiles(this.#deferred, repo, names);
    await this.#deferred.flush();
  }

  protected override render(repo: string, files: NamedFiles): void {
    writeFreshFiles(this.#deferred, repo, files);
    this.#rendered.set(repo, Object.keys(files));
  }
}
