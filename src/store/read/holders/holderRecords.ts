import { type Address, addressBytes } from '../../../address.js';
import type { BalanceCheckpoint, HolderRecord } from '../../../ledger/entitlement.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';
import { checkpointWalk } from './checkpointWalk.js';

/** One holder of one token at the end of a block. */
export interface HolderAsOf extends TokenAsOf {
  readonly account: Address;
  /**
   * Number of the books in an asset (`RevenueAsset.number`); without it, the token's own in ETH.
   */
  readonly bookNumber?: number | undefined;
}

interface CheckpointRow {
  readonly ordinal: number;
  readonly interval: number;
  readonly balance: string;
}

interface ClaimRow {
  readonly ordinal: number;
  readonly snapshot_id: number;
  readonly amount_wei: string;
}

interface RedemptionRow {
  readonly ordinal: number;
  readonly redeemed_wei: string;
}

const COLUMNS = {
  account: { type: 'bytea', of: ({ account }: HolderAsOf) => addressBytes(account) },
  block_number: { type: 'bigint', of: ({ block }: HolderAsOf) => block },
};

/**
 * Returns the record of each holder, in the order of `holders`, by three statements for any number
 * of holders. An account that never held the token has an empty record.
 */
export async function readHolderRecords(
  db: Queryable,
  holders: readonly HolderAsOf[],
): Promise<HolderRecord[]> {
  const bookOf = ({ tokenNumber, bookNumber }: HolderAsOf) => bookNumber ?? tokenNumber;
  const ofBooks = { keys: holders, tokenOf: bookOf, columns: COLUMNS };
  const [checkpoints, claims, redemptions] = await Promise.all([
    readByToken<CheckpointRow, HolderAsOf>(db, {
      ...{ ...ofBooks, name: 'holder_checkpoints', tokenOf: ({ tokenNumber }) => tokenNumber },
      branch: (token, items) => `WITH RECURSIVE ${checkpointWalk(token, items)}
        SELECT ordinal, "interval", balance FROM walk`,
      orderBy: 'ordinal, "interval"',
      isRecursive: true,
    }),
    readByToken<ClaimRow, HolderAsOf>(db, {
      ...{ ...ofBooks, name: 'holder_claims', isJoinable: true },
      branch: (book, items) => `SELECT k.ordinal, c.snapshot_id, c.amount_wei FROM ${items}
        JOIN claim c ON c.holder = k.account AND c.token_number = ${book}
          AND c.block_number <= k.block_number`,
    }),
    readByToken<RedemptionRow, HolderAsOf>(db, {
      ...{ ...ofBooks, name: 'holder_redemptions', isJoinable: true },
      branch: (book, items) => `SELECT k.ordinal, sum(r.amount_wei) AS redeemed_wei FROM ${items}
        JOIN redemption r ON r.holder = k.account AND r.token_number = ${book}
          AND r.block_number <= k.block_number
        GROUP BY k.ordinal`,
    }),
  ]);
  const records = holders.map(() => new Record());
  const recordOf = (ordinal: number): Record => {
    const record = records[ordinal];
    if (record === undefined) throw new RangeError(`no holder ${ordinal} was asked for`);
    return record;
  };
  for (const { ordinal, interval, balance } of checkpoints) {
    recordOf(ordinal).checkpoints.push({ interval, balance: BigInt(balance) });
  }
  for (const { ordinal, snapshot_id, amount_wei } of claims) {
    recordOf(ordinal).claims.set(snapshot_id, BigInt(amount_wei));
  }
  for (const { ordinal, redeemed_wei } of redemptions) {
    recordOf(ordinal).redeemedWei = BigInt(redeemed_wei);
  }
  return records;
}

class Record implements HolderRecord {
  readonly checkpoints: BalanceCheckpoint[] = [];
  readonly claims = new Map<number, bigint>();
  redeemedWei = 0n;
}
