import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Something on a disk, without its name. */
export type DiskNode = DiskFolder | DiskFile | DiskLink;

export interface DiskFolder {
  readonly kind: 'folder';
  readonly mode: number;
  /** As every process sees it. */
  readonly names: Map<string, DiskNode>;
  /** As it was when the folder was last synced. */
  durable: ReadonlyMap<string, DiskNode>;
  /** What has changed since then, oldest first. */
  pending: NameChange[];
}

export interface DiskFile {
  readonly kind: 'file';
  readonly mode: number;
  readonly bytes: Uint8Array;
  synced: boolean;
}

/** Short enough to lie in its inode: it is whole or not there. */
export interface DiskLink {
  readonly kind: 'link';
  readonly target: string;
}

/** One change in one folder; a rename removes and adds together. */
export interface NameChange {
  /** Its place among all changes of the disk. */
  readonly sequence: number;
  readonly removed?: string;
  readonly added?: { readonly name: string; readonly node: DiskNode };
}

/** A tree without doubts, to be laid out as files. */
export type PlainNode =
  | {
      readonly kind: 'folder';
      readonly mode: number;
      readonly names: ReadonlyMap<string, PlainNode>;
    }
  | { readonly kind: 'file'; readonly mode: number; readonly bytes: Uint8Array }
  | DiskLink;

/** The files of SQLite, which looks after them itself. */
const DATABASE = /\.db(?:-wal|-shm)?$/u;

/** The folder with all below it but databases, durable as it is. */
export function scanDisk(root: string): DiskFolder {
  const names = new Map<string, DiskNode>();
  for (const name of readdirSync(root))
    if (!DATABASE.test(name)) names.set(name, scan(join(root, name)));
  return folderOf(lstatSync(root).mode, names);
}

function scan(path: string): DiskNode {
  const { mode, ...facts } = describe(path);
  if (facts.isLink) return { kind: 'link', target: readlinkSync(path) };
  if (!facts.isFolder) return { kind: 'file', mode, bytes: readFileSync(path), synced: true };
  const names = readdirSync(path).map((name) => [name, scan(join(path, name))] as const);
  return folderOf(mode, new Map(names));
}

function describe(path: string): { mode: number; isLink: boolean; isFolder: boolean } {
  const stats = lstatSync(path);
  return { mode: stats.mode, isLink: stats.isSymbolicLink(), isFolder: stats.isDirectory() };
}

function folderOf(mode: number, names: Map<string, DiskNode>): DiskFolder {
  return { kind: 'folder', mode: mode & 0o777, names, durable: new Map(names), pending: [] };
}

/** Writes the tree's contents into a folder that is there. */
export function layOut(into: string, tree: PlainNode): void {
  if (tree.kind !== 'folder') throw new Error('only a folder has contents');
  for (const [name, node] of tree.names) {
    const path = join(into, name);
    if (node.kind === 'link') symlinkSync(node.target, path);
    else if (node.kind === 'file') writeFileSync(path, node.bytes, { mode: node.mode });
    else {
      mkdirSync(path);
      layOut(path, node);
    }
    if (node.kind !== 'link') chmodSync(path, node.mode & 0o777);
  }
}
