import { checksummed } from '../../address.js';
import { COMPUTED_HOLDERS } from '../../config/serving.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { readBlockHash } from '../../store/read/chains/blockHash.js';
import { hasMoreHolders } from '../../store/read/holders/holderCount.js';
import { compareHolders } from '../../store/read/holders/holderPage.js';
import {
  type HolderStandingAsOf,
  readHolderStandings,
} from '../../store/read/holders/holderStandings.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import {
  readSnapshotBalances,
  type SnapshotBalances,
  type SnapshotSpan,
} from '../../store/read/tokens/snapshotBalances.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
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

  /** @param dbUntil a database whose statements are cancelled by the signal */
  constructor(
    private readonly dbUntil: (signal: AbortSignal) => Queryable,
    private readonly holdersAtMost = COMPUTED_HOLDERS,
  ) {}

  /** @throws ImoError `TOO_MANY_HOLDERS` for a token with more holders than a list may go over */
  async assertComputable(db: Queryable, token: TokenRecord): Promise<void> {
    if (await hasMoreHolders(db, token.number, this.holdersAtMost)) {
      throw tooManyHolders(token, this.holdersAtMost);
    }
  }

  /**
   * All holders, the largest first.
   *
   * @param gone of the request that asks: when nobody waits any more, the computation is cancelled
   * @throws ImoError `TOO_MANY_HOLDERS`, before they are read
   */
  async read(
    token: TokenRecord,
    asOf: AsOf,
    metric: StandingMetric,
    gone?: AbortSignal,
  ): Promise<readonly HolderStandingAsOf[]> {
    const key = `${token.number} ${asOf.block} ${asOf.hash}`;
    const compute = async (signal: AbortSignal) => {
      const db = this.dbUntil(signal);
      await this.assertComputable(db, token);
      const balancesOf = (span: SnapshotSpan) => this.balancesOf(db, token.chainId, span, signal);
      return new Standings(await readHolderStandings(db, token, asOf, balancesOf));
    };
    const standings = await this.standings.get(key, compute, gone);
    return standings.orderedBy(metric);
  }

  private async balancesOf(
    db: Queryable,
    chainId: number,
    span: SnapshotSpan,
    gone: AbortSignal,
  ): Promise<SnapshotBalances> {
    const hash = await readBlockHash(db, chainId, span.block);
    const key = `${span.tokenNumber} ${span.lastId} ${span.block} ${hash}`;
    const compute = (signal: AbortSignal) => readSnapshotBalances(this.dbUntil(signal), span);
    return this.balances.get(key, compute, gone);
  }
}

function tooManyHolders({ address }: TokenRecord, most: number): ImoError {
  return new ImoError(
    'TOO_MANY_HOLDERS',
    `this list is computed for all holders of ${checksummed(address)}; limits.computedHolders allows ${most}, but the token has more`,
    'Ask by BALANCE, CLAIMED or REDEEMED, or by CLAIMABLE descending, without conditions; or ask for the newest state; `/v1/export/holders` has the whole list as of any block. After a backfill, lists of earlier blocks wait for indexes that `imo-ledger index` creates at the head.',
  );
}
