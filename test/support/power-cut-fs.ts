import { dirname, relative } from 'node:path';
import type { ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import type { WrittenPaths } from '../../src/adapters/fs/written-paths.js';
import { layOut, scanDisk, type DiskFolder, type DiskNode, type NameChange } from './disk-tree.js';
import { surviving, type Random } from './surviving.js';

/** A ZoneFs that knows what would be left of its writes if the power went out. */
export interface PowerCutFs extends ZoneFs {
  /**
   * Makes `into`, an empty folder, what this disk may show after a power cut at this moment; what
   * has been synced is there for sure. May be called several times: each choice is another cut.
   */
  cut(into: string, random: Random): void;
  /** How many changes of names and contents a power cut could still undo. */
  unsynced(): number;
}

/**
 * The real folder `root`, with a memory of what has been synced. A name is safe once its folder was
 * synced, a content once its file was. `syncAll` covers no more than the paths that it is told, as
 * where each file is synced by itself. Databases are left alone.
 */
export function powerCutFs(real: ZoneFs, root: string): PowerCutFs {
  const disk = scanDisk(root);
  let sequence = 0;

  const find = (path: string): DiskNode | undefined => {
    const names = relative(root, path).split('/').filter(Boolean);
    let node: DiskNode | undefined = disk;
    for (const name of names) node = node?.kind === 'folder' ? node.names.get(name) : undefined;
    return node;
  };
  const folderAt = (path: string): DiskFolder => {
    const node = find(path);
    if (node?.kind !== 'folder') throw new Error(`${path} is no folder that this disk knows`);
    return node;
  };
  const change = (path: string, change: Omit<NameChange, 'sequence'>): void => {
    const folder = folderAt(dirname(path));
    sequence += 1;
    if (change.removed !== undefined) folder.names.delete(change.removed);
    if (change.added !== undefined) folder.names.set(change.added.name, change.added.node);
    folder.pending.push({ ...change, sequence });
  };
  const add = (path: string, node: DiskNode): void => {
    change(path, { added: { name: nameOf(path), node } });
  };
  const remove = (path: string): void => {
    if (find(path) !== undefined) change(path, { removed: nameOf(path) });
  };

  return {
    ...real,
    makeFolder: (path) => {
      real.makeFolder(path);
      add(path, { kind: 'folder', mode: 0o700, names: new Map(), durable: new Map(), pending: [] });
    },
    writeNew: (path, bytes) => {
      real.writeNew(path, bytes);
      add(path, { kind: 'file', mode: 0o600, bytes: bytes.slice(), synced: true });
    },
    writeUnsynced: (path, bytes) => {
      real.writeUnsynced(path, bytes);
      add(path, { kind: 'file', mode: 0o600, bytes: bytes.slice(), synced: false });
    },
    syncFolder: (path) => {
      syncNames(folderAt(path));
    },
    syncAll: (what) => {
      syncPaths(what, find);
      return Promise.resolve();
    },
    rename: (from, to) => {
      const node = find(from);
      if (dirname(from) !== dirname(to) || node === undefined)
        throw new Error(`${from} was renamed to another folder, which is not modelled`);
      real.rename(from, to);
      change(to, { removed: nameOf(from), added: { name: nameOf(to), node } });
    },
    makeLink: (target, path) => {
      real.makeLink(target, path);
      add(path, { kind: 'link', target });
    },
    removeFile: (path) => {
      real.removeFile(path);
      remove(path);
    },
    removeFolder: (path) => {
      real.removeFolder(path);
      remove(path);
    },
    cut: (into, random) => {
      layOut(into, surviving(disk, random));
    },
    unsynced: () => countUnsynced(disk),
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function syncNames(folder: DiskFolder): void {
  folder.durable = new Map(folder.names);
  folder.pending = [];
}

/** What is gone is passed over. */
function syncPaths(what: WrittenPaths, find: (path: string) => DiskNode | undefined): void {
  for (const path of what.renamed) syncTree(find(path));
  for (const path of what.folders) {
    const folder = find(path);
    if (folder?.kind !== 'folder') continue;
    for (const node of folder.names.values()) if (node.kind === 'file') node.synced = true;
    syncNames(folder);
  }
}

function syncTree(node: DiskNode | undefined): void {
  if (node?.kind === 'file') node.synced = true;
  if (node?.kind !== 'folder') return;
  for (const inner of node.names.values()) syncTree(inner);
  syncNames(node);
}

function countUnsynced(node: DiskNode): number {
  if (node.kind !== 'folder') return node.kind === 'file' && !node.synced ? 1 : 0;
  const inner = [...node.names.values()].reduce((sum, one) => sum + countUnsynced(one), 0);
  return node.pending.length + inner;
}
