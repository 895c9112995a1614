import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage when more than so many bytes of objects are in memory. On a machine with plenty of
 * memory V8 lets the garbage of many batches pile up; a remint of a large zone shall not need more
 * than that of a small one.
 */
export function createHeapTrimmer(limit: number): () => void {
  let collect: (() => void) | undefined;
  return () => {
    if (getHeapStatistics().used_heap_size < limit) return;
    collect ??= collector();
    collect();
  };
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
