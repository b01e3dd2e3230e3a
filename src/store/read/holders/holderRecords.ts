import { type Address, addressBytes } from '../../../address.js';
import type { BalanceCheckpoint, HolderRecord } from '../../../ledger/entitlement.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
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

const HOLDERS = `unnest($1::integer[], $2::bytea[], $3::bigint[])
  WITH ORDINALITY AS k(token_number, account, block_number, ordinal)`;
const PAYEES = `unnest($1::integer[], $2::bytea[], $3::bigint[])
  WITH ORDINALITY AS k(book_number, account, block_number, ordinal)`;

/**
 * Returns the record of each holder, in the order of `holders`, by three statements for any number
 * of holders. An account that never held the token has an empty record.
 */
export async function readHolderRecords(
  db: Queryable,
  holders: readonly HolderAsOf[],
): Promise<HolderRecord[]> {
  const accounts = holders.map(({ account }) => addressBytes(account));
  const blocks = holders.map(({ block }) => block);
  const ofTokens = [holders.map(({ tokenNumber }) => tokenNumber), accounts, blocks];
  const books = holders.map(({ tokenNumber, bookNumber }) => bookNumber ?? tokenNumber);
  const ofBooks = [books, accounts, blocks];
  const [checkpoints, claims, redemptions] = await Promise.all([
    readRows<CheckpointRow>(
      db,
      'holder_checkpoints',
      `WITH RECURSIVE ${checkpointWalk(HOLDERS)}
       SELECT ordinal, "interval", balance FROM walk ORDER BY ordinal, "interval"`,
      ofTokens,
    ),
    readRows<ClaimRow>(
      db,
      'holder_claims',
      `SELECT k.ordinal, c.snapshot_id, c.amount_wei FROM ${PAYEES}
       JOIN claim c ON c.holder = k.account AND c.token_number = k.book_number
         AND c.block_number <= k.block_number`,
      ofBooks,
    ),
    readRows<RedemptionRow>(
      db,
      'holder_redemptions',
      `SELECT k.ordinal, sum(r.amount_wei) AS redeemed_wei FROM ${PAYEES}
       JOIN redemption r ON r.holder = k.account AND r.token_number = k.book_number
         AND r.block_number <= k.block_number
       GROUP BY k.ordinal`,
      ofBooks,
    ),
  ]);
  const records = holders.map(() => new Record());
  const recordOf = (ordinal: number): Record => {
    const record = records[Number(ordinal) - 1];
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
