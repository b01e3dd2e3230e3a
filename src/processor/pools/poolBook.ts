import { type Address, checksummed } from '../../address.js';
import type { PoolEventEntry } from '../../chain/pools/poolEvents.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import { depositorsOf, moveShares, type ShareMovement } from '../../ledger/pools/shares.js';
import { LAST_BLOCK } from '../../store/ids.js';
import { readShares } from '../../store/read/pools/poolShares.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { type PoolRowPlace, poolRows } from '../../store/write/rows/poolRows.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import { SinceCheck } from '../desks/sinceCheck.js';
import type { BookedBlock } from '../tokens/book/tokenBook.js';
import type { IndexedPool } from './openDepositPools.js';
import { UncheckedShares } from './uncheckedShares.js';

/** What the notes for `SinceCheck` say: the contract says what the books say. */
export const RIGHT = 'right';

/** The running books of one pool: its shares, in all and by depositor. */
export class PoolBook {
  /** Holds every depositor whose newest shares are not committed. */
  private readonly shares = new Map<Address, bigint>();
  readonly unchecked = new UncheckedShares();
  readonly since = new SinceCheck();
  private isOpened: boolean;

  constructor(
    readonly pool: IndexedPool,
    private total: bigint,
  ) {
    this.isOpened = pool.mapping.beneficiary === null || total > 0n;
  }

  /** Depositors kept in memory. */
  get size(): number {
    return this.shares.size;
  }

  get totalShares(): bigint {
    return this.total;
  }

  sharesOf(depositor: Address): bigint {
    const known = this.shares.get(depositor);
    if (known === undefined) throw new Error(`shares of ${depositor} were not loaded`);
    return known;
  }

  /** Makes the depositors of the events known, with one query for all that are not. */
  async load(db: Queryable, entries: readonly PoolEventEntry[]): Promise<void> {
    const named = entries.flatMap((entry) =>
      entry.kind === 'shares' ? depositorsOf(entry.movement) : [],
    );
    const { beneficiary } = this.pool.mapping;
    const wanted = new Set(beneficiary === null ? named : [...named, beneficiary]);
    const unknown = [...wanted].filter((depositor) => !this.shares.has(depositor));
    if (unknown.length === 0) return;
    const rows = await readShares(db, { poolNumber: this.pool.number, block: LAST_BLOCK }, unknown);
    for (const depositor of unknown) this.shares.set(depositor, rows.get(depositor) ?? 0n);
  }

  /** Books everything that one block did to the pool, in order. */
  bookBlock(block: BookedBlock, entries: readonly PoolEventEntry[], rows: RowBuffer): void {
    let position = 0;
    for (const entry of entries) {
      const { transactionHash, transactionIndex } = entry;
      const place = (): PoolRowPlace => ({
        poolNumber: this.pool.number,
        blockNumber: block.number,
        timestamp: block.timestamp,
        transactionHash,
        transactionIndex,
        position: position++,
      });
      if (entry.kind === 'snapshot') {
        this.openFixed(rows, block, place);
        const { snapshotId } = entry;
        poolRows.snapshot(rows, place(), { snapshotId, totalShares: this.total });
        continue;
      }
      try {
        this.move(rows, block, place, entry.movement);
      } catch (error) {
        throw this.explained(error, block, entry);
      }
    }
    this.unchecked.ended(block.number, this.total);
    this.since.note(this.pool.contract.address, block.number, RIGHT);
  }

  /** Forgets who can be read again; only allowed when all of it is committed. */
  clear(): void {
    this.shares.clear();
  }

  private move(
    rows: RowBuffer,
    { number }: BookedBlock,
    place: () => PoolRowPlace,
    movement: ShareMovement<Address>,
  ): void {
    const after = moveShares(movement, this.total, (depositor) => this.sharesOf(depositor));
    for (const { depositor, shares, totalShares } of after) {
      this.unchecked.changed(depositor, number, this.sharesOf(depositor), shares);
      this.shares.set(depositor, shares);
      this.total = totalShares;
      poolRows.share(rows, place(), { depositor, shares, totalShares });
    }
  }

  /** No event names a beneficiary that never changes: it is booked with the first snapshot. */
  private openFixed(rows: RowBuffer, block: BookedBlock, place: () => PoolRowPlace): void {
    const { beneficiary } = this.pool.mapping;
    if (this.isOpened || beneficiary === null) return;
    this.isOpened = true;
    this.move(rows, block, place, { kind: 'raise', depositor: beneficiary, shares: 1n });
  }

  /** Says which event of which pool broke a rule. */
  private explained(error: unknown, block: BookedBlock, { transactionHash }: PoolEventEntry) {
    if (!(error instanceof LedgerError)) return error;
    const { address } = this.pool.contract;
    return new ImoError(
      error.code,
      `pool ${checksummed(address)}, block ${block.number}, ${transactionHash}: ${error.message}`,
      error.hint,
      { cause: error },
    );
  }
}
