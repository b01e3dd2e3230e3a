import { LRUCache } from 'lru-cache';
import type { PoolState } from '../../ledger/state.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { IndexedTokens } from '../../store/read/chains/indexedTokens.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readRevision } from '../../store/read/query/revision.js';
import { readPools } from '../../store/read/tokens/pools.js';
import type { TokenAsOf } from '../../store/read/tokens/poolVersions.js';
import { JoinedRead } from './joinedRead.js';

/** Moments whose blocks are kept. */
const MOMENTS_AT_MOST = 1_000;
/** Snapshots of all pools that are kept: some 300 bytes each. */
const SNAPSHOTS_AT_MOST = 50_000;
/** Figures of all answers that are kept: some 60 bytes each. */
const FIGURES_AT_MOST = 1_000_000;

/** A question to the books that many requests ask. */
export interface SharedQuestion<Answer> {
  /** Says all that the answer depends on, apart from the books. */
  readonly name: string;
  readonly read: () => Promise<Answer>;
  /** How many figures an answer has. */
  readonly size: (answer: Answer) => number;
}

/** A token's pools at a block, and whether they are those of the revision. */
export interface ReadPool {
  readonly state: PoolState;
  readonly isProven: boolean;
}

/**
 * The books at one revision of the database, as far as they were read. They hold for requests that see this revision,
 * and for no others.
 */
export class KnownBooks {
  /** The blocks that moments mean, by chain, block and time. */
  readonly moments = new LRUCache<string, AsOf>({ max: MOMENTS_AT_MOST });
  private readonly pools = new LRUCache<string, PoolState>({
    maxSize: SNAPSHOTS_AT_MOST,
    sizeCalculation: ({ snapshots }) => snapshots.length + 1,
  });
  private readonly reads: JoinedRead<TokenAsOf, ReadPool>;
  private readonly answers = new LRUCache<
    string,
    { readonly answer: unknown; readonly size: number }
  >({ maxSize: FIGURES_AT_MOST, sizeCalculation: ({ size }) => size });

  constructor(
    private readonly db: Queryable,
    readonly indexed: IndexedTokens,
    readonly revision: string,
  ) {
    this.reads = new JoinedRead<TokenAsOf, ReadPool>((keys) => this.readPools(keys), poolName, {
      atOnce: 1,
    });
  }

  /** A token's pools at the end of a block: at once where they are known. */
  poolAt(key: TokenAsOf): ReadPool | Promise<ReadPool> {
    const state = this.pools.get(poolName(key));
    return state === undefined ? this.readPool(key) : { state, isProven: true };
  }

  /** The answer to a question that was asked before, at this revision. */
  answerTo<Answer>({ name }: SharedQuestion<Answer>): { readonly answer: Answer } | undefined {
    return this.answers.get(name) as { readonly answer: Answer } | undefined;
  }

  /** Keeps an answer if nothing was committed since its question was asked: then it is of this revision. */
  async keep<Answer>({ name, size }: SharedQuestion<Answer>, answer: Answer): Promise<void> {
    if ((await readRevision(this.db)) !== this.revision) return;
    this.answers.set(name, { answer, size: 1 + size(answer) });
  }

  private async readPool(key: TokenAsOf): Promise<ReadPool> {
    const [pool] = await this.reads.read([key]);
    if (pool === undefined) throw new RangeError(`no pools of token ${key.tokenNumber}`);
    return pool;
  }

  private async readPools(keys: readonly TokenAsOf[]): Promise<ReadPool[]> {
    const states = await readPools(this.db, keys);
    // What was read between two looks at the same revision is of this revision.
    const isProven = (await readRevision(this.db)) === this.revision;
    return states.map((state, index) => {
      const key = keys[index];
      if (isProven && key !== undefined) this.pools.set(poolName(key), state);
      return { state, isProven };
    });
  }
}

function poolName({ tokenNumber, block }: TokenAsOf): string {
  return `${tokenNumber} ${block}`;
}

/** So often in a row the books have changed before a request could use what was known of them. */
const WRONG_OFTEN = 3;
const REST_MS = 1_000;

/**
 * What is known of the books as they were read last. Requests begin with it before they know whether it still holds,
 * and are answered again if it does not: so a commit is never missed, and mostly nothing is read again.
 */
export class BooksMemory {
  private known: KnownBooks | null = null;
  private wrongInARow = 0;
  private restsUntil = 0;

  constructor(private readonly db: Queryable) {}

  /** What probably still holds; `null`: read it. */
  assumed(): KnownBooks | null {
    return performance.now() < this.restsUntil ? null : this.known;
  }

  /** Keeps what was read just now. @returns `null`: the database does not tell its revision */
  learn(indexed: IndexedTokens): KnownBooks | null {
    const { revision } = indexed;
    if (revision === null) this.known = null;
    else if (this.known?.revision !== revision) {
      this.known = new KnownBooks(this.db, indexed, revision);
    }
    return this.known;
  }

  proved(): void {
    this.wrongInARow = 0;
  }

  /** Something was committed since. Where that happens all the time, assuming anything is of no use. */
  disproved(known: KnownBooks): void {
    if (this.known === known) this.known = null;
    this.wrongInARow += 1;
    if (this.wrongInARow < WRONG_OFTEN) return;
    this.wrongInARow = 0;
    this.restsUntil = performance.now() + REST_MS;
  }
}
