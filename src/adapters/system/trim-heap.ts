import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is looked at and done; V8 itself unless given. */
export interface Heap {
  /** Bytes of objects, garbage among them. */
  used(): number;
  /** Collects what is garbage among the objects made last, which takes a tenth of collecting all. */
  collectYoung(): void;
  collect(): void;
}

/**
 * Collects garbage when more than so many bytes of objects have come to those that were in memory at
 * the start, or after the last whole collection: first among the objects made last, where nearly all
 * of it is, and among all of them when half of the limit is left. On a machine with plenty of memory V8 lets the garbage of
 * many batches pile up; a remint of a large zone shall not need more than that of a small one. What
 * stays in memory does not count: collecting it again and again would gain nothing.
 */
export function createHeapTrimmer(limit: number, heap: Heap = createV8Heap()): () => void {
  let kept = heap.used();
  return () => {
    if (heap.used() - kept < limit) return;
    heap.collectYoung();
    if (heap.used() - kept < limit / 2) return;
    heap.collect();
    kept = heap.used();
  };
}

function createV8Heap(): Heap {
  let collect: Collector | undefined;
  const collector = (): Collector => (collect ??= findCollector());
  return {
    used: () => getHeapStatistics().used_heap_size,
    collectYoung: () => {
      collector()({ type: 'minor' });
    },
    collect: () => {
      collector()();
    },
  };
}

type Collector = (how?: { readonly type: 'minor' }) => void;

function findCollector(): Collector {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collector;
}
