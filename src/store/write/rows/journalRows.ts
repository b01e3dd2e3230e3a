import type { Address } from '../../../address.js';
import { operationId, postingId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';
import type { ReceiptPlace } from './tokenRows.js';

const ENTRY: RowTable = {
  name: 'journal_entry',
  columns:
    'id, token_number, block_number, "timestamp", transaction_hash, transaction_index, position, amount_wei, kind, asset, holder',
};
const POSTING: RowTable = {
  name: 'posting',
  columns: 'id, token_number, block_number, entry_id, asset, account, amount_wei, balance_wei',
};

/** A posting with the balance of its account after it. */
export interface PostingRow {
  readonly account: string;
  readonly amountWei: bigint;
  readonly balanceWei: bigint;
}

/**
 * Appends a journal entry and its postings.
 *
 * @param place of the entry; two entries never share a position
 * @param asset `native`, or the address of an ERC-20
 */
export function appendEntry(
  rows: RowBuffer,
  place: ReceiptPlace,
  asset: string,
  entry: { kind: string; holder: Address | null; postings: readonly PostingRow[] },
): void {
  const { tokenNumber, blockNumber, position } = place;
  const entryId = operationId(tokenNumber, blockNumber, position);
  const hash = place.transactionHash === null ? NULL : copyBytes(place.transactionHash);
  const moved = entry.postings.reduce(
    (sum, { amountWei }) => (amountWei > 0n ? sum + amountWei : sum),
    0n,
  );
  const holder = entry.holder === null ? NULL : copyBytes(entry.holder);
  rows.append(
    ENTRY,
    `${entryId}\t${tokenNumber}\t${blockNumber}\t${place.timestamp}\t${hash}\t` +
      `${place.transactionIndex ?? NULL}\t${position}\t${moved}\t${entry.kind}\t${asset}\t${holder}\n`,
  );
  entry.postings.forEach(({ account, amountWei, balanceWei }, index) => {
    rows.append(
      POSTING,
      `${postingId(entryId, index)}\t${tokenNumber}\t${blockNumber}\t${entryId}\t${asset}\t${account}\t` +
        `${amountWei}\t${balanceWei}\n`,
    );
  });
}
