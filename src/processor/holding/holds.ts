import type { SourceBlock } from '../../chain/reading/source.js';
import type { ChainConfig } from '../../config/types.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';
import { readOwnHolds } from '../groups/ownContracts.js';

/** A run of blocks with the same contracts held in all of them. */
export interface BlockRun {
  readonly blocks: readonly SourceBlock[];
  /** Addresses of contracts that are not booked in these blocks. */
  readonly held: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** The held contracts of a chain, as the database has them. */
export class Holds {
  private records: readonly HoldRecord[] = [];

  constructor(private readonly chain: ChainConfig) {}

  /** Reads them again: a rollback may have released some. */
  async load(db: Queryable): Promise<void> {
    this.records = await readOwnHolds(db, this.chain);
  }

  /** All of them. */
  get all(): readonly HoldRecord[] {
    return this.records;
  }

  /** Whether a block that ended some books is final now and was not read again since then. */
  isDue(finalizedHeight: number): boolean {
    return this.records.some(({ isConfirmed, block }) => !isConfirmed && block <= finalizedHeight);
  }

  /** Whether books that ended are committed to their end, and were not compared yet. */
  isUncompared(indexedHeight: number): boolean {
    return this.records.some(
      ({ isCompared, lastBlock }) => !isCompared && lastBlock <= indexedHeight,
    );
  }

  /** Takes over what was written of one of them. */
  replace(hold: HoldRecord): void {
    this.records = this.records.map((known) => (known.address === hold.address ? hold : known));
  }

  /** Splits blocks where the books of a contract end. */
  *runs(blocks: readonly SourceBlock[]): Generator<BlockRun> {
    let rest = blocks;
    while (rest.length > 0) {
      const [first] = rest;
      if (first === undefined) return;
      const end = this.nextEnd(first.header.height);
      const next = rest.findIndex(({ header }) => header.height > end);
      const run = next === -1 ? rest : rest.slice(0, next);
      yield { blocks: run, held: this.heldAt(first.header.height) };
      rest = rest.slice(run.length);
    }
  }

  /** The last block from `height` on at whose end some books end. */
  private nextEnd(height: number): number {
    return this.records.reduce(
      (end, { lastBlock }) => (lastBlock >= height ? Math.min(end, lastBlock) : end),
      Number.MAX_SAFE_INTEGER,
    );
  }

  private heldAt(height: number): ReadonlySet<string> {
    if (this.records.length === 0) return NONE;
    return new Set(
      this.records.filter(({ lastBlock }) => lastBlock < height).map(({ address }) => address),
    );
  }
}
