import { type Address, addressBytes } from '../../../address.js';
import { numberOfId } from '../../ids.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { amountConditions, byId } from '../operations/operationSelect.js';
import { type Hex, hexBytes, optionalAddress, type Range } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A movement of money in a token's books. */
export interface JournalRecord extends OperationRecord {
  /** `receipt`, `snapshot`, `roll-over`, `terms`, `claim` or `redemption`. */
  readonly kind: string;
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  /** Who was paid, where somebody was. */
  readonly holder: Address | null;
  /** What was moved: the sum of the positive postings. */
  readonly amountWei: bigint;
}

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
export interface PostingRecord {
  readonly account: string;
  readonly amountWei: bigint;
  /** Balance of the account after it. */
  readonly balanceWei: bigint;
}

interface Columns extends OperationColumns {
  readonly kind: string;
  readonly asset: string;
  readonly holder: Buffer | null;
  readonly amount_wei: string;
}

export const JOURNAL: OperationKind<Columns, JournalRecord, JournalFilter> = {
  table: 'journal_entry',
  columns: ['o.kind', 'o.asset', 'o.holder', 'o.amount_wei'],
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
      // The postings of an account are a range of their index, in the order of the chain.
      where.push(`EXISTS (SELECT FROM posting p WHERE p.token_number = o.token_number
        AND p.asset = o.asset AND p.account = ${parameters.add(account)}
        AND p.id >= o.id AND p.id < o.id || '.')`);
    }
    return byId('journal_entry', where);
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    kind: columns.kind,
    asset: columns.asset,
    holder: optionalAddress(columns.holder),
    amountWei: BigInt(columns.amount_wei),
  }),

  amountOf: ({ amountWei }) => amountWei,
};

/** The postings of each entry, in the order of `entryIds`. */
export async function readPostings(
  db: Queryable,
  entryIds: readonly string[],
): Promise<PostingRecord[][]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly account: string;
    readonly amount_wei: string;
    readonly balance_wei: string;
  }>(
    db,
    'postings',
    `SELECT k.ordinal, p.account, p.amount_wei, p.balance_wei
     FROM unnest($1::integer[], $2::text[])
       WITH ORDINALITY AS k(token_number, entry_id, ordinal)
     JOIN posting p ON p.token_number = k.token_number
       AND p.id >= k.entry_id AND p.id < k.entry_id || '.'
     ORDER BY k.ordinal, p.id`,
    [entryIds.map(numberOfId), entryIds],
  );
  const postings: PostingRecord[][] = entryIds.map(() => []);
  for (const row of rows) {
    postings[Number(row.ordinal) - 1]?.push({
      account: row.account,
      amountWei: BigInt(row.amount_wei),
      balanceWei: BigInt(row.balance_wei),
    });
  }
  return postings;
}
