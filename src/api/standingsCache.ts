import type { AsOf } from '../store/read/asOf.js';
import { compareHolders } from '../store/read/holderPage.js';
import { type HolderStandingAsOf, readHolderStandings } from '../store/read/holderStandings.js';
import type { Queryable } from '../store/read/queryable.js';
import type { TokenRecord } from '../store/read/tokens.js';

const ENTRIES_AT_MOST = 8;

export type StandingMetric = 'balance' | 'claimableWei' | 'claimedWei' | 'redeemedWei';

/** All holders of a token at one moment, and the orders that were asked for. */
class Standings {
  private readonly orders = new Map<StandingMetric, readonly HolderStandingAsOf[]>();

  constructor(private readonly holders: readonly HolderStandingAsOf[]) {}

  /** Largest first. */
  orderedBy(metric: StandingMetric): readonly HolderStandingAsOf[] {
    let ordered = this.orders.get(metric);
    if (ordered === undefined) {
      ordered = this.holders.toSorted((left, right) =>
        compareHolders(
          { value: left[metric], account: left.account },
          { value: right[metric], account: right.account },
        ),
      );
      this.orders.set(metric, ordered);
    }
    return ordered;
  }
}

/**
 * Keeps the last few lists that had to be computed for all holders, so that the pages of one
 * list, and everybody who looks at the same list, cost one computation. The hash of the block
 * is part of the key: after a reorg nothing old is found.
 */
export class StandingsCache {
  private readonly entries = new Map<string, Promise<Standings>>();

  constructor(private readonly db: Queryable) {}

  async read(
    token: TokenRecord,
    asOf: AsOf,
    metric: StandingMetric,
  ): Promise<readonly HolderStandingAsOf[]> {
    const key = `${token.number} ${asOf.block} ${asOf.hash}`;
    const entry =
      this.entries.get(key) ??
      readHolderStandings(this.db, token, asOf.block).then((rows) => new Standings(rows));
    // The newest use goes to the end: the first entry is the one to forget.
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= ENTRIES_AT_MOST) break;
      this.entries.delete(oldest);
    }
    try {
      return (await entry).orderedBy(metric);
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
  }
}
