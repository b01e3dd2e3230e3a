import type { AsOf } from '../store/read/asOf.js';
import { readBlockHash } from '../store/read/blockHash.js';
import { compareHolders } from '../store/read/holderPage.js';
import { type HolderStandingAsOf, readHolderStandings } from '../store/read/holderStandings.js';
import type { Queryable } from '../store/read/queryable.js';
import {
  readSnapshotBalances,
  type SnapshotBalances,
  type SnapshotSpan,
} from '../store/read/snapshotBalances.js';
import type { TokenRecord } from '../store/read/tokens.js';
import { LeastRecentlyUsed } from './leastRecentlyUsed.js';

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
 * list, and everybody who looks at the same list, cost one computation; and the balances at
 * the last few snapshots, so that the list of the next block costs little. Hashes of blocks
 * are part of the keys: after a reorg nothing old is found.
 */
export class StandingsCache {
  private readonly standings = new LeastRecentlyUsed<Standings>(8);
  private readonly balances = new LeastRecentlyUsed<SnapshotBalances>(8);

  constructor(private readonly db: Queryable) {}

  /** All holders, the largest first. */
  async read(
    token: TokenRecord,
    asOf: AsOf,
    metric: StandingMetric,
  ): Promise<readonly HolderStandingAsOf[]> {
    const key = `${token.number} ${asOf.block} ${asOf.hash}`;
    const standings = await this.standings.get(key, async () => {
      const balancesOf = (span: SnapshotSpan) => this.balancesOf(token.chainId, span);
      return new Standings(await readHolderStandings(this.db, token, asOf, balancesOf));
    });
    return standings.orderedBy(metric);
  }

  private async balancesOf(chainId: number, span: SnapshotSpan): Promise<SnapshotBalances> {
    const hash = await readBlockHash(this.db, chainId, span.block);
    const key = `${span.tokenNumber} ${span.lastId} ${span.block} ${hash}`;
    return this.balances.get(key, () => readSnapshotBalances(this.db, span));
  }
}
