import type { Address } from '../../../address.js';
import type { ContractTerms } from '../../../ledger/terms.js';
import { operationId, versionId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';

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

/** The place of money that no transaction brought has neither hash nor index. */
export type ReceiptPlace = Omit<RowPlace, 'transactionHash' | 'transactionIndex'> & {
  readonly transactionHash: string | null;
  readonly transactionIndex: number | null;
};

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

export interface NewSnapshotRow {
  readonly snapshotId: number;
  readonly newRevenueWei: bigint;
  readonly claimableWei: bigint;
  readonly freshWei: bigint;
  readonly rolledOverWei: bigint;
  readonly redeemableAddedWei: bigint;
  readonly supply: bigint;
}

export interface ReceiptRow {
  readonly payer: Address | null;
  readonly amountWei: bigint;
  readonly kind: string;
  readonly selector: string | null;
  readonly source: string;
  readonly sourceAddress: string | null;
  readonly modelId: bigint | null;
  /** `mint` or `royalty`, of a collection; `null` where nothing tells. */
  readonly collectionPart: string | null;
  /** What brought untraced money; `null` for any other. */
  readonly cause: string | null;
  /** From the sender of the transaction to the payer. */
  readonly path: readonly Address[];
}

const PLACE = 'id, token_number, block_number, "timestamp"';
const IN_TRANSACTION = `${PLACE}, transaction_hash, transaction_index, position`;

const POOL_VERSION: RowTable = {
  name: 'pool_version',
  columns: `${PLACE}, balance_wei, supply, new_revenue_wei, claim_pool_wei, redeem_pool_wei, redeemed_from_new_wei, last_snapshot_id, received_wei, claimed_wei, redeemed_wei`,
};
const SNAPSHOT: RowTable = {
  name: 'snapshot',
  columns: `${IN_TRANSACTION}, snapshot_id, new_revenue_wei, claimable_wei, fresh_wei, rolled_over_wei, redeemable_added_wei, supply`,
};
const RECEIPT: RowTable = {
  name: 'receipt',
  columns: `${IN_TRANSACTION}, payer, amount_wei, kind, selector, source, source_address, model_id, path, collection_part, cause`,
};
const TERMS: RowTable = {
  name: 'token_terms',
  columns: `${IN_TRANSACTION}, percent_claimable, "window", "interval", interval_unit, is_paused`,
};
const CLAIM: RowTable = {
  name: 'claim',
  columns: `${IN_TRANSACTION}, holder, snapshot_id, amount_wei, snapshot_claimed_wei`,
};
const REDEMPTION: RowTable = {
  name: 'redemption',
  columns: `${IN_TRANSACTION}, holder, burned, amount_wei, from_new_wei, from_pool_wei`,
};

/** The rows of revenue tokens but for transfers, appended to a buffer. */
export const tokenRows = {
  poolVersion(rows: RowBuffer, row: PoolVersionRow): void {
    const id = versionId(row.tokenNumber, row.blockNumber);
    rows.append(
      POOL_VERSION,
      `${id}\t${row.tokenNumber}\t${row.blockNumber}\t${row.timestamp}\t${row.balanceWei}\t` +
        `${row.supply}\t${row.newRevenueWei}\t${row.claimPoolWei}\t${row.redeemPoolWei}\t` +
        `${row.redeemedFromNewWei}\t${row.lastSnapshotId}\t${row.receivedWei}\t` +
        `${row.claimedWei}\t${row.redeemedWei}\n`,
    );
  },

  snapshot(rows: RowBuffer, place: RowPlace, row: NewSnapshotRow): void {
    rows.append(
      SNAPSHOT,
      `${placed(place)}\t${row.snapshotId}\t${row.newRevenueWei}\t${row.claimableWei}\t` +
        `${row.freshWei}\t${row.rolledOverWei}\t${row.redeemableAddedWei}\t${row.supply}\n`,
    );
  },

  receipt(rows: RowBuffer, place: ReceiptPlace, row: ReceiptRow): void {
    const id = operationId(place.tokenNumber, place.blockNumber, place.position);
    rows.append(
      RECEIPT,
      `${id}\t${place.tokenNumber}\t${place.blockNumber}\t${place.timestamp}\t` +
        `${orNull(place.transactionHash)}\t${place.transactionIndex ?? NULL}\t${place.position}\t` +
        `${orNull(row.payer)}\t${row.amountWei}\t${row.kind}\t${orNull(row.selector)}\t` +
        `${row.source}\t${orNull(row.sourceAddress)}\t${row.modelId ?? NULL}\t${pathOf(row.path)}\t` +
        `${row.collectionPart ?? NULL}\t${row.cause ?? NULL}\n`,
    );
  },

  /** Terms that hold from their place on; the transaction is null where it is not known. */
  terms(rows: RowBuffer, place: ReceiptPlace, terms: ContractTerms): void {
    const id = operationId(place.tokenNumber, place.blockNumber, place.position);
    rows.append(
      TERMS,
      `${id}\t${place.tokenNumber}\t${place.blockNumber}\t${place.timestamp}\t` +
        `${orNull(place.transactionHash)}\t${place.transactionIndex ?? NULL}\t${place.position}\t` +
        `${terms.percentClaimable}\t${terms.window ?? NULL}\t${terms.interval ?? NULL}\t` +
        `${terms.intervalUnit ?? NULL}\t${terms.isPaused ?? NULL}\n`,
    );
  },

  claim(
    rows: RowBuffer,
    place: RowPlace,
    row: { holder: Address; snapshotId: number; amountWei: bigint; snapshotClaimedWei: bigint },
  ): void {
    rows.append(
      CLAIM,
      `${placed(place)}\t${copyBytes(row.holder)}\t${row.snapshotId}\t${row.amountWei}\t` +
        `${row.snapshotClaimedWei}\n`,
    );
  },

  redemption(
    rows: RowBuffer,
    place: RowPlace,
    row: {
      holder: Address;
      burned: bigint;
      amountWei: bigint;
      fromNewWei: bigint;
      fromPoolWei: bigint;
    },
  ): void {
    rows.append(
      REDEMPTION,
      `${placed(place)}\t${copyBytes(row.holder)}\t${row.burned}\t${row.amountWei}\t` +
        `${row.fromNewWei}\t${row.fromPoolWei}\n`,
    );
  },
};

function placed(place: RowPlace): string {
  const { tokenNumber, blockNumber, timestamp, position, transactionHash, transactionIndex } =
    place;
  const id = operationId(tokenNumber, blockNumber, position);
  return (
    `${id}\t${tokenNumber}\t${blockNumber}\t${timestamp}\t${copyBytes(transactionHash)}\t` +
    `${transactionIndex}\t${position}`
  );
}

/** An array of bytea: its backslashes are escaped for the array and again for COPY. */
function pathOf(path: readonly Address[]): string {
  return `{${path.map((address) => `"\\\\\\\\x${address.slice(2)}"`).join(',')}}`;
}

function orNull(hex: string | null): string {
  return hex === null ? NULL : copyBytes(hex);
}
