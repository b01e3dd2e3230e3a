import { type Address, addressBytes } from '../../../address.js';
import {
  decodeJournalEntry,
  JOURNAL_ENTRY,
  type JournalEntryColumns,
  type JournalEntryRow,
} from '../../../model/tables/journalEntry.js';
import {
  decodePosting,
  POSTING,
  type PostingColumns,
  type PostingRow,
} from '../../../model/tables/posting.js';
import { numberOfId } from '../../ids.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { operationPart } from '../operations/operationPart.js';
import { amountConditions, byId } from '../operations/operationSelect.js';
import { readByToken } from '../query/byToken.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { rowColumns } from '../query/tableRow.js';

/** A movement of money in a token's books. */
export interface JournalRecord extends OperationRecord, JournalEntryRow {}

export interface JournalFilter {
  /** `native`, or the address of an ERC-20. */
  readonly asset?: string | null;
  readonly kind?: string | null;
  readonly account?: string | null;
  readonly holder?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

/** What one account gained (positive) or gave (negative) by an entry, in wei. */
export type PostingRecord = Omit<PostingRow, 'entryId' | 'asset'>;

interface Columns extends OperationColumns, JournalEntryColumns {}

export const JOURNAL: OperationKind<Columns, JournalRecord, JournalFilter> = {
  table: JOURNAL_ENTRY.name,
  columns: rowColumns(JOURNAL_ENTRY),
  amountColumn: 'amount_wei',
  amountIndex: 'kept',

  source({ asset, kind, account, holder, transactionHash, amountWei }, parameters) {
    const where = amountConditions('o.amount_wei', amountWei, parameters);
    if (asset != null) where.push(`o.asset = ${parameters.add(asset)}`);
    if (kind != null) where.push(`o.kind = ${parameters.add(kind)}`);
    if (holder != null) {
      where.push(`o.holder = ${parameters.add(addressBytes(holder))}`);
      where.push('o.token_number = w.token_number');
    }
    if (transactionHash != null) {
      where.push(`o.transaction_hash = ${parameters.add(hexBytes(transactionHash))}`);
    }
    if (account != null) {
      // The postings of an account are a range of their index, in chain order.
      where.push(`EXISTS (SELECT FROM posting p WHERE p.token_number = w.token_number
        AND p.asset = o.asset AND p.account = ${parameters.add(account)}
        AND p.id >= o.id AND p.id < o.id || '.')`);
    }
    return byId(JOURNAL_ENTRY.name, where);
  },

  decode: (columns) => decodeOperation(columns, decodeJournalEntry(columns)),
  part: (fields) => operationPart<JournalEntryRow>(JOURNAL_ENTRY, fields),

  amountOf: ({ amountWei }) => amountWei,
};

/** The postings of each entry, in the order of `entryIds`. */
export async function readPostings(
  db: Queryable,
  entryIds: readonly string[],
): Promise<PostingRecord[][]> {
  const rows = await readByToken<PostingColumns & { readonly ordinal: number }, string>(db, {
    name: 'postings',
    isJoinable: true,
    keys: entryIds,
    tokenOf: numberOfId,
    columns: { entry_id: { type: 'text', of: (id) => id } },
    branch: (token, items) => `SELECT k.ordinal, p.id, ${rowColumns(POSTING, 'p').join(', ')}
      FROM ${items} JOIN posting p ON p.token_number = ${token}
        AND p.id >= k.entry_id AND p.id < k.entry_id || '.'`,
    orderBy: 'ordinal, id',
  });
  const postings: PostingRecord[][] = entryIds.map(() => []);
  for (const row of rows) {
    postings[row.ordinal]?.push(decodePosting(row));
  }
  return postings;
}
