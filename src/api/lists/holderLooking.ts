import { checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { hasMoreHolders, hasMorePayments } from '../../store/read/holders/holderCount.js';
import type { Looking } from '../../store/read/holders/holderListAsOf.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';

/** How many holders a page or a count may look at (`limits.computedHolders`). */
export class HolderLooking implements Looking {
  private looked = 0;

  constructor(
    private readonly db: Queryable,
    private readonly token: TokenRecord,
    private readonly block: number,
    private readonly most: number,
  ) {}

  async everybody(): Promise<void> {
    if (await hasMoreHolders(this.db, this.token.number, this.most)) throw this.tooMany();
  }

  async payments(table: 'claim' | 'redemption'): Promise<void> {
    const moment = { tokenNumber: this.token.number, block: this.block };
    if (await hasMorePayments(this.db, table, moment, this.most)) throw this.tooMany();
  }

  goOn(looked: number): void {
    this.looked += looked;
    if (this.looked >= this.most) throw this.tooMany();
  }

  private tooMany(): ImoError {
    return new ImoError(
      'TOO_MANY_HOLDERS',
      `this list looks at more holders of ${checksummed(this.token.address)} than limits.computedHolders allows: ${this.most}`,
      'Ask by BALANCE, CLAIMED or REDEEMED, or by CLAIMABLE descending, with conditions that more holders fulfil or none; or ask for the newest state; `/v1/export/holders` has the whole list as of any block. After a backfill, lists of earlier blocks wait for indexes that `imo-ledger index` creates at the head.',
    );
  }
}
