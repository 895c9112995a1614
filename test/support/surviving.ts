import type { DiskFolder, DiskNode, NameChange, PlainNode } from './disk-tree.js';

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** How the disk keeps order among changes that nobody synced. */
type Order = 'journal' | 'folder' | 'none';
const ORDERS: readonly Order[] = ['journal', 'folder', 'none'];

/**
 * What is left of a disk after a power cut. Of the names that were not synced: all changes up to
 * some moment (one journal, as ext4 has it), up to some moment in each folder, or any of them. A
 * content that was not synced is whole, empty or cut short.
 */
export function surviving(disk: DiskFolder, random: Random): PlainNode {
  const order = ORDERS[Math.floor(random() * ORDERS.length)] ?? 'none';
  const moment = Math.floor(random() * (1 + newest(disk)));
  const isKept = (index: number, changes: readonly NameChange[], upTo: number): boolean => {
    if (order === 'journal') return (changes[index]?.sequence ?? 0) <= moment;
    return order === 'folder' ? index < upTo : random() < 0.5;
  };
  const keep = (node: DiskNode): PlainNode => {
    if (node.kind === 'link') return node;
    if (node.kind === 'file')
      return {
        kind: 'file',
        mode: node.mode,
        bytes: node.synced ? node.bytes : torn(node.bytes, random),
      };
    const upTo = Math.floor(random() * (1 + node.pending.length));
    const kept = node.pending.filter((_, index, all) => isKept(index, all, upTo));
    const names = [...replay(node.durable, kept)].map(([name, one]) => [name, keep(one)] as const);
    return { kind: 'folder', mode: node.mode, names: new Map(names) };
  };
  return keep(disk);
}

/** The sequence of the newest change that nobody synced. */
function newest(node: DiskNode): number {
  if (node.kind !== 'folder') return 0;
  const below = [...node.names.values()].map(newest);
  return Math.max(0, ...node.pending.map((change) => change.sequence), ...below);
}

function replay(
  durable: ReadonlyMap<string, DiskNode>,
  changes: readonly NameChange[],
): ReadonlyMap<string, DiskNode> {
  const names = new Map(durable);
  for (const { removed, added } of changes) {
    if (removed !== undefined) names.delete(removed);
    if (added === undefined) continue;
    // Nothing has two names, whichever of its renames were lost.
    for (const [name, node] of names) if (node === added.node) names.delete(name);
    names.set(added.name, added.node);
  }
  return names;
}

function torn(bytes: Uint8Array, random: Random): Uint8Array {
  const fate = random();
  if (fate < 1 / 3) return bytes;
  return fate < 2 / 3 ? new Uint8Array() : bytes.slice(0, Math.floor(random() * bytes.length));
}
