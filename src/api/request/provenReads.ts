import type { Queryable } from '../../store/read/query/queryable.js';
import type { JoinedReads } from '../reads/joinedReads.js';
import type { BooksInstant } from './instant.js';

/**
 * Counts what a request read of the books, and how much of it proved itself: a statement that
 * also reads the chain's newest block, and found the one the answer is for, was not torn by a
 * reorg. If all did, nothing remains to be proved when the answer is ready.
 */
export class ProvenReads {
  private reads = 0;
  private proven = 0;

  constructor(private readonly instant: BooksInstant) {}

  get isComplete(): boolean {
    return this.proven === this.reads;
  }

  /** One of the statements of this request proved itself. */
  prove(): void {
    this.proven++;
  }

  /** One more was read, by a statement that several requests share. */
  count(): void {
    this.reads++;
  }

  /** The database, counting. */
  counting(db: Queryable): Queryable {
    return {
      query: (statement) => {
        this.instant.assertHolds();
        this.reads++;
        return db.query(statement);
      },
    };
  }

  /** Reads that are shared, counting those of blocks: heads and tokens are what is proved. */
  countingJoined(joined: JoinedReads): JoinedReads {
    const counted =
      <Keys, Answers>(read: (keys: Keys) => Promise<Answers>) =>
      (keys: Keys) => {
        this.instant.assertHolds();
        this.reads++;
        return read(keys);
      };
    return {
      ...joined,
      balances: counted(joined.balances),
      entitlements: counted(joined.entitlements),
      held: counted(joined.held),
      holdersAsOf: counted(joined.holdersAsOf),
      holders: counted(joined.holders),
    };
  }
}
