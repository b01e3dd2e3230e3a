import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { SqlClient } from '../../../store/database/sqlClient.js';

/** A holder's newest balance. One object for each holder, so that it is looked up once. */
export interface HeldBalance {
  readonly account: Address;
  /** Token units. */
  balance: bigint;
  /** Changed since its last checkpoint. */
  isTouched: boolean;
  /** Changed since the last commit. */
  isChanged: boolean;
}

/** How many of the largest balances stay in memory when the others are forgotten. */
const KEPT = 32;

/**
 * The newest balances of one token's holders. Holds every balance that is not committed
 * yet; the others are read from the checkpoints when they are needed.
 */
export class BalanceCache {
  private readonly holders = new Map<Address, HeldBalance>();
  /** No row of the token is in the database that is not here too. */
  private complete: boolean;
  /** Nobody who is not in memory has more; `null`: unknown. */
  private most: bigint | null;

  constructor(
    private readonly tokenNumber: number,
    options: { empty: boolean },
  ) {
    this.complete = options.empty;
    this.most = options.empty ? 0n : null;
  }

  /** No balance that is not in memory is larger, in token units; `null`: unknown. */
  get othersAtMost(): bigint | null {
    return this.most;
  }

  get size(): number {
    return this.holders.size;
  }

  /** Nothing has to be loaded: who is not here has nothing. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Whether `of` answers for the account. */
  has(account: Address): boolean {
    return this.complete || this.holders.has(account);
  }

  /** Every balance in memory. */
  loaded(): Iterable<HeldBalance> {
    return this.holders.values();
  }

  /** The account must have been loaded before. */
  of(account: Address): HeldBalance {
    const held = this.holders.get(account);
    if (held !== undefined) return held;
    if (!this.complete) throw new Error(`balance of ${account} was not loaded`);
    return this.add(account, 0n);
  }

  /** Makes `of` answer for these accounts, with one query for all that are unknown. */
  async load(db: SqlClient, accounts: Iterable<Address>): Promise<void> {
    if (this.complete) return;
    const unknown = [...new Set(accounts)].filter((account) => !this.holders.has(account));
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
    for (const account of unknown) this.add(account, 0n);
    for (const row of rows) this.of(addressFromBytes(row.account)).balance = BigInt(row.balance);
  }

  /** Forgets all but the largest; only allowed when all of it is committed. */
  clear(): void {
    const kept = this.largest(KEPT);
    const least = kept.length < KEPT ? 0n : (kept.at(-1)?.balance ?? 0n);
    if (this.most !== null && least > this.most) this.most = least;
    this.holders.clear();
    for (const held of kept) this.holders.set(held.account, held);
    this.complete = false;
  }

  /** The largest balances in memory that are not 0, the largest first. */
  largest(count: number): HeldBalance[] {
    const found: HeldBalance[] = [];
    for (const held of this.holders.values()) {
      const last = found[count - 1];
      if (held.balance === 0n || (last !== undefined && last.balance >= held.balance)) continue;
      found.push(held);
      found.sort((a, b) => (a.balance > b.balance ? -1 : 1));
      found.length = Math.min(found.length, count);
    }
    return found;
  }

  private add(account: Address, balance: bigint): HeldBalance {
    const held = { account, balance, isTouched: false, isChanged: false };
    this.holders.set(account, held);
    return held;
  }
}
