import type { SetFiles, SetToWrite } from '../../ports/member-homes.js';
import type { LaneTask, PackedFile } from './lane-task.js';

/** The sets of a task, with their bytes in one block. */
export function packSets(id: number, sets: readonly SetToWrite[]): LaneTask {
  const sizes = sets.flatMap(({ files }) => Object.values(files) as Uint8Array[]);
  const bytes = new Uint8Array(sizes.reduce((sum, one) => sum + one.length, 0));
  let offset = 0;
  const packed = sets.map(({ home, number, files }) => ({
    home,
    number,
    files: Object.entries(files).map(([name, content]: [string, Uint8Array]): PackedFile => {
      bytes.set(content, offset);
      offset += content.length;
      return [name as keyof SetFiles, offset - content.length, content.length];
    }),
  }));
  return { id, sets: packed, bytes };
}

/** The opposite of `packSets`; the files are views of the block. */
export function unpackSets({ sets, bytes }: LaneTask): readonly SetToWrite[] {
  return sets.map(({ home, number, files }) => ({
    home,
    number,
    files: Object.fromEntries(
      files.map(([name, offset, length]) => [name, bytes.subarray(offset, offset + length)]),
    ) as unknown as SetFiles,
  }));
}
