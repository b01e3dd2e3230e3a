import { type Address, addressFromBytes } from '../../../address.js';
import type { SqlClient } from '../../../store/database/sqlClient.js';
import type { TokenBook } from '../book/tokenBook.js';

export interface LargeHolder {
  readonly account: Address;
  /** Token units. */
  readonly balance: bigint;
}

/** How many holders to examine: those above them may have claimed already. */
const COUNT = 5;

/** The largest holders of a token as the books are now, the largest first. */
export async function largeHolders(db: SqlClient, book: TokenBook): Promise<LargeHolder[]> {
  const { balances, token } = book;
  const largest: LargeHolder[] = balances
    .largest(COUNT)
    .map(({ account, balance }) => ({ account, balance }));
  const { othersAtMost } = balances;
  const least = largest[COUNT - 1]?.balance ?? 0n;
  // In a backfill the balances in the database have no index in their order yet.
  if (balances.isComplete || (othersAtMost !== null && othersAtMost <= least)) return largest;
  const { rows } = await db.query<{ account: Buffer; balance: string }>({
    name: 'largest-holders',
    text: `SELECT account, balance FROM holder WHERE token_number = $1
      ORDER BY balance DESC, account LIMIT $2`,
    values: [token.number, COUNT],
  });
  for (const row of rows) {
    const account = addressFromBytes(row.account);
    // The holders in memory are newer, and already examined.
    if (!balances.has(account)) largest.push({ account, balance: BigInt(row.balance) });
  }
  return largest.sort((a, b) => (a.balance > b.balance ? -1 : 1)).slice(0, COUNT);
}
