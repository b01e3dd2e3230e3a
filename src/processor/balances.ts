import { type Address, addressBytes, addressFromBytes } from '../address.js';
import type { SqlClient } from '../store/sqlClient.js';

/**
 * The newest balances of one token's holders. Holds every balance that is not committed
 * yet; the others are read from the checkpoints when they are needed.
 */
export class BalanceCache {
  private readonly balances = new Map<Address, bigint>();
  /** No row of the token is in the database that is not here too. */
  private complete: boolean;

  constructor(
    private readonly tokenNumber: number,
    options: { empty: boolean },
  ) {
    this.complete = options.empty;
  }

  get size(): number {
    return this.balances.size;
  }

  /** Balance in token units; the account must have been set or loaded before. */
  get(account: Address): bigint {
    const balance = this.balances.get(account);
    if (balance !== undefined) return balance;
    if (!this.complete) throw new Error(`balance of ${account} was not loaded`);
    return 0n;
  }

  set(account: Address, balance: bigint): void {
    this.balances.set(account, balance);
  }

  /** Makes `get` answer for these accounts, with one query for all that are unknown. */
  async load(db: SqlClient, accounts: Iterable<Address>): Promise<void> {
    if (this.complete) return;
    const unknown = [...new Set(accounts)].filter((account) => !this.balances.has(account));
    if (unknown.length === 0) return;
    const { rows } = await db.query<{ account: Buffer; balance: string }>({
      name: 'newest-balances',
      text: `SELECT wanted.account, newest.balance
        FROM unnest($2::bytea[]) AS wanted (account)
        CROSS JOIN LATERAL (
          SELECT balance FROM balance_checkpoint
          WHERE account = wanted.account AND token_number = $1
          ORDER BY block_number DESC, "interval" DESC LIMIT 1
        ) AS newest`,
      values: [this.tokenNumber, unknown.map(addressBytes)],
    });
    for (const account of unknown) this.balances.set(account, 0n);
    for (const row of rows) this.balances.set(addressFromBytes(row.account), BigInt(row.balance));
  }

  /** Forgets everything; only allowed when all of it is committed. */
  clear(): void {
    this.balances.clear();
    this.complete = false;
  }
}
