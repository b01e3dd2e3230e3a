import type { RawTrace } from './frameShapes.js';

/** What the places of a transaction's frames say about them. */
export type TreeVerdict =
  /** Nothing speaks against them. */
  | 'whole'
  /** A parent or an elder sibling is missing. */
  | 'torn'
  /** A frame counts more children (`subtraces`) than there are: the node miscounts, or some are missing. */
  | 'miscounted';

/**
 * Holds the frames of a transaction against each other by `traceAddress`, which some nodes give
 * right where `subtraces` is wrong. The frames are put into execution order.
 */
export function verdictOnTree(frames: RawTrace[]): TreeVerdict {
  if (!putInOrder(frames)) return 'torn';
  const children = childrenOf(frames);
  const isShort = frames.some(
    ({ subtraces }, index) => typeof subtraces === 'number' && subtraces > (children[index] ?? 0),
  );
  return isShort ? 'miscounted' : 'whole';
}

/** Puts the frames of a transaction into execution order; `false` if a parent or an elder sibling is missing. */
export function putInOrder(frames: RawTrace[]): boolean {
  if (isInOrder(frames) === 'whole') return true;
  frames.sort(byPlace);
  return isInOrder(frames) === 'whole';
}

/** How many children each frame has, of frames in execution order. */
function childrenOf(frames: readonly RawTrace[]): number[] {
  const children = frames.map(() => 0);
  /** The frame that was entered last at each depth. */
  const entered: number[] = [];
  for (const [index, { traceAddress }] of frames.entries()) {
    const depth = traceAddress.length;
    const parent = depth === 0 ? undefined : entered[depth - 1];
    if (parent !== undefined) children[parent] = (children[parent] ?? 0) + 1;
    entered[depth] = index;
  }
  return children;
}

/** Each frame follows as the first child of the one before it, or as the next child of a parent. */
function isInOrder(frames: readonly RawTrace[]): 'whole' | 'unordered' {
  const [root] = frames;
  if (root === undefined || root.traceAddress.length > 0) return 'unordered';
  let before: readonly number[] = root.traceAddress;
  for (const { traceAddress } of frames.slice(1)) {
    const depth = traceAddress.length - 1;
    if (depth < 0 || depth > before.length) return 'unordered';
    for (let level = 0; level < depth; level++) {
      if (traceAddress[level] !== before[level]) return 'unordered';
    }
    if (traceAddress[depth] !== (before[depth] ?? -1) + 1) return 'unordered';
    before = traceAddress;
  }
  return 'whole';
}

function byPlace(a: RawTrace, b: RawTrace): number {
  for (const [level, index] of a.traceAddress.entries()) {
    const other = b.traceAddress[level];
    if (other === undefined) return 1;
    if (index !== other) return index - other;
  }
  return a.traceAddress.length - b.traceAddress.length;
}
