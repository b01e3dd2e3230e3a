import type { Address } from '../../../address.js';
import { JOURNAL_ENTRY, journalEntryLine } from '../../../model/tables/journalEntry.js';
import { POSTING, type PostingRow, postingLine } from '../../../model/tables/posting.js';
import { operationId, postingId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';
import type { ReceiptPlace } from './tokenRows.js';

/**
 * Appends a journal entry and its postings.
 *
 * @param place of the entry; every entry has its own position
 * @param asset `native`, or the address of an ERC-20
 */
export function appendEntry(
  rows: RowBuffer,
  place: ReceiptPlace,
  asset: string,
  entry: {
    readonly kind: string;
    readonly holder: Address | null;
    readonly postings: readonly Omit<PostingRow, 'entryId' | 'asset'>[];
  },
): void {
  const { tokenNumber, blockNumber, position } = place;
  const entryId = operationId(tokenNumber, blockNumber, position);
  const { kind, holder, postings } = entry;
  const amountWei = postings.reduce(
    (sum, { amountWei: moved }) => (moved > 0n ? sum + moved : sum),
    0n,
  );
  rows.append(JOURNAL_ENTRY, journalEntryLine(entryId, place, { amountWei, kind, asset, holder }));
  postings.forEach(({ account, amountWei, balanceWei }, index) => {
    const posting = { entryId, asset, account, amountWei, balanceWei };
    rows.append(POSTING, postingLine(postingId(entryId, index), place, posting));
  });
}
