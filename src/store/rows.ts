import type { Address } from '../address.js';
import { type CopyTable, copyBytes, NULL } from './copy.js';
import { blockId, lastOperationId, operationId } from './ids.js';

/** Where a row stands: its token, its block and its place among the block's operations. */
export interface RowPlace {
  readonly tokenNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** A holder's claim, kept beside its row so that the commit can check it. */
export interface ClaimRow {
  readonly tokenNumber: number;
  readonly holder: Address;
  readonly snapshotId: number;
  readonly amountWei: bigint;
  readonly transactionHash: string;
}

export interface PoolVersionRow {
  readonly tokenNumber: number;
  readonly blockNumber: number;
  readonly timestamp: string;
  readonly balanceWei: bigint;
  readonly supply: bigint;
  readonly newRevenueWei: bigint;
  readonly claimPoolWei: bigint;
  readonly redeemPoolWei: bigint;
  readonly redeemedFromNewWei: bigint;
  readonly lastSnapshotId: number;
  readonly receivedWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

const PLACE = 'id, token_number, block_number, "timestamp"';
const IN_TRANSACTION = 'transaction_hash, transaction_index, position';

/**
 * Rows waiting for a commit, as lines of COPY. Append-only, like the tables; lines are
 * made at once, so that a commit costs the main thread no more than sending them.
 */
export class RowBuffer {
  readonly claims: ClaimRow[] = [];
  private rows = 0;
  private readonly blocks: string[] = [];
  private readonly poolVersions: string[] = [];
  private readonly snapshots: string[] = [];
  private readonly receipts: string[] = [];
  private readonly claimLines: string[] = [];
  private readonly redemptions: string[] = [];
  private readonly transfers: string[] = [];
  private readonly checkpoints: string[] = [];

  /** Number of rows waiting. */
  get size(): number {
    return this.rows;
  }

  block(chainId: number, number: number, hash: string, timestamp: string): void {
    this.push(
      this.blocks,
      `${blockId(chainId, number)}\t${chainId}\t${number}\t${copyBytes(hash)}\t${timestamp}\n`,
    );
  }

  poolVersion(row: PoolVersionRow): void {
    const id = lastOperationId(row.tokenNumber, row.blockNumber);
    this.push(
      this.poolVersions,
      `${id}\t${row.tokenNumber}\t${row.blockNumber}\t${row.timestamp}\t${row.balanceWei}\t` +
        `${row.supply}\t${row.newRevenueWei}\t${row.claimPoolWei}\t${row.redeemPoolWei}\t` +
        `${row.redeemedFromNewWei}\t${row.lastSnapshotId}\t${row.receivedWei}\t` +
        `${row.claimedWei}\t${row.redeemedWei}\n`,
    );
  }

  snapshot(
    place: RowPlace,
    row: {
      snapshotId: number;
      newRevenueWei: bigint;
      claimableWei: bigint;
      freshWei: bigint;
      rolledOverWei: bigint;
      redeemableAddedWei: bigint;
      supply: bigint;
    },
  ): void {
    this.push(
      this.snapshots,
      `${placed(place)}\t${row.snapshotId}\t${row.newRevenueWei}\t${row.claimableWei}\t` +
        `${row.freshWei}\t${row.rolledOverWei}\t${row.redeemableAddedWei}\t${row.supply}\n`,
    );
  }

  /** `transactionHash` and `payer` are `null` for money that no transaction brought. */
  receipt(
    place: Omit<RowPlace, 'transactionHash' | 'transactionIndex'> & {
      transactionHash: string | null;
      transactionIndex: number | null;
    },
    row: { payer: Address | null; amountWei: bigint; kind: string; selector: string | null },
  ): void {
    const id = operationId(place.tokenNumber, place.blockNumber, place.position);
    this.push(
      this.receipts,
      `${id}\t${place.tokenNumber}\t${place.blockNumber}\t${place.timestamp}\t` +
        `${orNull(place.transactionHash)}\t${place.transactionIndex ?? NULL}\t${place.position}\t` +
        `${orNull(row.payer)}\t${row.amountWei}\t${row.kind}\t${orNull(row.selector)}\n`,
    );
  }

  claim(place: RowPlace, row: ClaimRow & { snapshotClaimedWei: bigint }): void {
    this.claims.push(row);
    this.push(
      this.claimLines,
      `${placed(place)}\t${copyBytes(row.holder)}\t${row.snapshotId}\t${row.amountWei}\t` +
        `${row.snapshotClaimedWei}\n`,
    );
  }

  redemption(
    place: RowPlace,
    row: {
      holder: Address;
      burned: bigint;
      amountWei: bigint;
      fromNewWei: bigint;
      fromPoolWei: bigint;
    },
  ): void {
    this.push(
      this.redemptions,
      `${placed(place)}\t${copyBytes(row.holder)}\t${row.burned}\t${row.amountWei}\t` +
        `${row.fromNewWei}\t${row.fromPoolWei}\n`,
    );
  }

  transfer(
    place: RowPlace,
    logIndex: number,
    row: { from: Address; to: Address; amount: bigint },
  ): void {
    this.push(
      this.transfers,
      `${placed(place)}\t${logIndex}\t${copyBytes(row.from)}\t${copyBytes(row.to)}\t${row.amount}\n`,
    );
  }

  checkpoint(
    tokenNumber: number,
    account: Address,
    blockNumber: number,
    interval: number,
    balance: bigint,
  ): void {
    this.push(
      this.checkpoints,
      `${tokenNumber}\t${copyBytes(account)}\t${blockNumber}\t${interval}\t${balance}\n`,
    );
  }

  /** The tables to send; those that others depend on first. */
  tables(): CopyTable[] {
    return [
      { table: 'block', columns: 'id, chain_id, number, hash, "timestamp"', lines: this.blocks },
      {
        table: 'snapshot',
        columns: `${PLACE}, ${IN_TRANSACTION}, snapshot_id, new_revenue_wei, claimable_wei, fresh_wei, rolled_over_wei, redeemable_added_wei, supply`,
        lines: this.snapshots,
      },
      {
        table: 'receipt',
        columns: `${PLACE}, ${IN_TRANSACTION}, payer, amount_wei, kind, selector`,
        lines: this.receipts,
      },
      {
        table: 'claim',
        columns: `${PLACE}, ${IN_TRANSACTION}, holder, snapshot_id, amount_wei, snapshot_claimed_wei`,
        lines: this.claimLines,
      },
      {
        table: 'redemption',
        columns: `${PLACE}, ${IN_TRANSACTION}, holder, burned, amount_wei, from_new_wei, from_pool_wei`,
        lines: this.redemptions,
      },
      {
        table: 'transfer',
        columns: `${PLACE}, ${IN_TRANSACTION}, log_index, "from", "to", amount`,
        lines: this.transfers,
      },
      {
        table: 'balance_checkpoint',
        columns: 'token_number, account, block_number, "interval", balance',
        lines: this.checkpoints,
      },
      {
        table: 'pool_version',
        columns: `${PLACE}, balance_wei, supply, new_revenue_wei, claim_pool_wei, redeem_pool_wei, redeemed_from_new_wei, last_snapshot_id, received_wei, claimed_wei, redeemed_wei`,
        lines: this.poolVersions,
      },
    ];
  }

  private push(lines: string[], line: string): void {
    lines.push(line);
    this.rows++;
  }
}

function placed(place: RowPlace): string {
  const id = operationId(place.tokenNumber, place.blockNumber, place.position);
  return (
    `${id}\t${place.tokenNumber}\t${place.blockNumber}\t${place.timestamp}\t` +
    `${copyBytes(place.transactionHash)}\t${place.transactionIndex}\t${place.position}`
  );
}

function orNull(hex: string | null): string {
  return hex === null ? NULL : copyBytes(hex);
}
