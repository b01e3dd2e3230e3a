import type { ChainNode } from '../../chain/node.js';
import type { Finder } from '../../chain/source/finders/finder.js';

/** The chain that is examined, and how. */
export interface Subject {
  readonly node: ChainNode;
  readonly chainId: number;
  /** Newest block. */
  readonly head: number;
  /** `trace_filter` answers at once, so that payers are found over the whole history. */
  readonly hasTraceFilter: boolean;
  /** Services that find blocks by call frames. */
  readonly finders: readonly Finder[];
  /** Takes what is being done, for people: each line replaces the one before. */
  readonly progress: (line: string) => void;
  /** Takes what a person has to know. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}
