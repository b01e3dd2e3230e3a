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
  const largest: LargeHolder[] = [];
  const consider = (account: Address, balance: bigint) => {
    const last = largest[COUNT - 1];
    if (balance === 0n || (last !== undefined && last.balance >= balance)) return;
    largest.push({ account, balance });
    largest.sort((a, b) => (a.balance > b.balance ? -1 : 1));
    largest.length = Math.min(largest.length, COUNT);
  };
  for (const { account, balance } of balances.loaded()) consider(account, balance);
  if (balances.isComplete) return largest;
  const { rows } = await db.query<{ account: Buffer; balance: string }>({
    name: 'largest-holders',
    text: `SELECT account, balance FROM holder WHERE token_number = $1
      ORDER BY balance DESC, account LIMIT $2`,
    values: [token.number, COUNT],
  });
  for (const row of rows) {
    const account = addressFromBytes(row.account);
    // The holders in memory are newer, and already examined.
    if (!balances.has(account)) consider(account, BigInt(row.balance));
  }
  return largest;
}
