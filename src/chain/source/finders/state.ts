import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { changesIn } from '../proofs/stateChanges.js';
import type { StateReads, Watched } from '../proofs/stateReads.js';
import { tracedAddresses } from '../wanted.js';
import type { Finder, Hit, Piece, Wanted } from './finder.js';
import { inOrder } from './inOrder.js';

export interface StateOptions {
  /** Finds the blocks with wanted logs. */
  readonly logs: Finder;
  readonly states: StateReads;
  /** Units of assets that contracts hold. */
  readonly assets: () => readonly Watched[];
}

/** Each is bisected in up to 16 steps, which wait for each other. */
const PIECES_AT_ONCE = 8;

/**
 * Finds blocks by `eth_getLogs` and, where no log tells, by what changed of the contracts: their
 * balance or storage, bisected. For nodes that have no index of call frames. Which transactions of
 * a block it was, it cannot tell.
 */
export class StateFinder implements Finder {
  readonly kind = 'state';

  constructor(private readonly options: StateOptions) {}

  describe(): string {
    return `${this.options.logs.describe()}; balances and storage of old blocks`;
  }

  height(signal: AbortSignal): Promise<number> {
    return this.options.logs.height(signal);
  }

  find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncIterable<Piece> {
    const { logs, assets } = this.options;
    const accounts = tracedAddresses(wanted).map(
      (address): Watched => ({ kind: 'account', address }),
    );
    const watched = [...accounts, ...assets()];
    const pieces = withStarts(range.from, logs.find(range, wanted, signal));
    return inOrder(PIECES_AT_ONCE, pieces, (piece) => this.withChanges(piece, watched));
  }

  private async withChanges(
    { from, to, hits }: Piece & { readonly from: number },
    watched: readonly Watched[],
  ): Promise<Piece> {
    const found = new Set(hits.map(({ height }) => height));
    const known = [...found].filter((height) => height >= from);
    const gaps = watched.flatMap((one) => gapsBetween(one, from, to, known));
    const changes = await changesIn(this.options.states, gaps);
    if (changes === null) throw new Error('the nodes do not serve states of old blocks');
    for (const { block } of changes) found.add(block);
    const all = [...found].sort((a, b) => a - b);
    return { to, hits: all.map((height): Hit => ({ height, transactions: null })) };
  }
}

/** The parts of a range between blocks that are known, each of which is left out. */
export function gapsBetween(
  watched: Watched,
  from: number,
  to: number,
  known: readonly number[],
): { watched: Watched; low: number; high: number }[] {
  const ends = [...known.map((height) => height - 1), to];
  const starts = [from - 1, ...known];
  return starts.map((low, index) => ({ watched, low, high: ends[index] ?? to }));
}

async function* withStarts(
  from: number,
  pieces: AsyncIterable<Piece>,
): AsyncGenerator<Piece & { readonly from: number }> {
  let next = from;
  for await (const piece of pieces) {
    yield { ...piece, from: next };
    next = piece.to + 1;
  }
}
