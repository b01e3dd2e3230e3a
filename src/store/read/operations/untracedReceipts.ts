import type { Address } from '../../../address.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { readByToken } from '../query/byToken.js';
import { type BookOfKey, readBooksOfKey } from '../tokens/books.js';

/**
 * The booked balance of a token at the end of a block with untraced money (no call frame shows it).
 */
export interface UntracedBalance {
  readonly token: Address;
  /** `null`: ETH. */
  readonly asset: Address | null;
  readonly block: number;
  /** Wei, or the smallest unit of the asset. */
  readonly balanceWei: bigint;
}

/** Untraced receipts of a chain in a range of blocks, oldest first. */
export async function readUntracedBalances(
  db: SqlClient,
  chainId: number,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<UntracedBalance[]> {
  const books = await readBooksOfKey(db, chainId);
  const rows = await readByToken<
    {
      readonly ordinal: number;
      readonly block_number: number;
      readonly balance_wei: string;
    },
    BookOfKey
  >(db, {
    ...{ ...OF_BOOKS, name: 'untraced_balances', keys: books },
    ...{ columns: {}, shared: [after, upTo] },
    branch: (book, items) => `SELECT DISTINCT k.ordinal, r.block_number, v.balance_wei
      FROM ${items} JOIN receipt r ON r.token_number = ${book}
        AND r.block_number > $1 AND r.block_number <= $2 AND r.kind = 'untraced'
      JOIN pool_version v ON v.token_number = ${book} AND v.block_number = r.block_number`,
    orderBy: 'block_number, ordinal',
  });
  return rows.flatMap(({ ordinal, block_number: block, balance_wei }) => {
    return books.slice(ordinal, ordinal + 1).map(({ token, asset }) => {
      return { token, asset, block, balanceWei: BigInt(balance_wei) };
    });
  });
}

/** The newest block in which a token received untraced money; `null`: none. */
export async function newestUntracedBlock(
  db: SqlClient,
  chainId: number,
  token: Address,
): Promise<number | null> {
  const books = await readBooksOfKey(db, chainId);
  const rows = await readByToken<{ readonly block: number | null }, BookOfKey>(db, {
    ...{ ...OF_BOOKS, name: 'newest_untraced', columns: {} },
    keys: books.filter((book) => book.token === token),
    branch: (book, items) => `SELECT max(r.block_number) AS block
      FROM ${items} JOIN receipt r ON r.token_number = ${book} AND r.kind = 'untraced'`,
  });
  const blocks = rows.flatMap(({ block }) => block ?? []);
  return blocks.length === 0 ? null : Math.max(...blocks);
}

const OF_BOOKS = { tokenOf: ({ number }: BookOfKey) => number };
