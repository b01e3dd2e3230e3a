import type pg from 'pg';
import { operationId, versionId } from '../../../src/store/ids.js';

/** The only token of the life, on chain 1. */
export const TOKEN_NUMBER = 1;
const ACCOUNTS = 40;
const FIRST_TIME = Date.UTC(2024, 1, 20, 7);
const HOUR_SECONDS = 3_600;
const ZERO = Buffer.alloc(20);

/** A number from 0 to below `below`, from a seeded sequence. */
export type Random = (below: number) => number;

/** Numbers that look random; the same for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const accountNumbered = (number: number) =>
  Buffer.from(number.toString(16).padStart(40, 'a0'), 'hex');

/** One block of the life. */
export interface LifeBlock {
  readonly number: number;
  readonly time: Date;
}

/**
 * A token whose few accounts transfer small amounts, so that many balances are equal, with days without any
 * transfer. Rows are those that the processor would have written.
 */
export class TransferLife {
  readonly blocks: LifeBlock[] = [];
  private readonly balances = new Map<number, bigint>();

  constructor(
    private readonly client: pg.ClientBase,
    private readonly random: Random,
  ) {}

  async open(): Promise<void> {
    await this.client.query(
      `INSERT INTO token (id, number, chain_id, address, name, symbol, decimals, policy,
         percent_claimable, "window", "interval", interval_unit, start_block)
       VALUES ('1-0x${'5e'.repeat(20)}', $1, 1, decode('${'5e'.repeat(20)}', 'hex'), 'Life', 'L', 18,
         'windowed', 80, 4, 86400, 'seconds', 1)`,
      [TOKEN_NUMBER],
    );
    await this.client.query(
      `INSERT INTO pool_version SELECT $2, $1, 1, $3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0`,
      [TOKEN_NUMBER, versionId(TOKEN_NUMBER, 1), new Date(FIRST_TIME)],
    );
  }

  /** Lives on for so many blocks with one to four transfers each, in a commit that makes all but the last final. */
  async live(blocks: number, finalBlocksBehind: number): Promise<void> {
    for (let count = 0; count < blocks; count++) await this.block();
    const [head, final] = [this.blocks.at(-1), this.blocks.at(-1 - finalBlocksBehind)];
    await this.client.query('DELETE FROM chain_cursor');
    await this.client.query(
      `INSERT INTO chain_cursor SELECT 1, $1, sha256(int8send($1)), $2, $3, sha256(int8send($3))`,
      [head?.number, head?.time, final?.number],
    );
  }

  /** Forgets what a rollback above a block took back. */
  async reopen(height: number): Promise<void> {
    while ((this.blocks.at(-1)?.number ?? -1) > height) this.blocks.pop();
    const { rows } = await this.client.query<{ account: Buffer; balance: string }>(
      'SELECT account, balance FROM holder',
    );
    this.balances.clear();
    const numbers = new Map(
      Array.from({ length: ACCOUNTS }, (_, n) => [accountNumbered(n).toString('hex'), n] as const),
    );
    for (const { account, balance } of rows) {
      this.balances.set(numbers.get(account.toString('hex')) ?? -1, BigInt(balance));
    }
  }

  private async block(): Promise<void> {
    const { random } = this;
    const before = this.blocks.at(-1) ?? { number: 0, time: new Date(FIRST_TIME) };
    // Mostly minutes, sometimes days.
    const seconds = random(40) === 0 ? random(80) * HOUR_SECONDS : 60 + random(HOUR_SECONDS);
    const number = before.number + 1 + random(3);
    const time = new Date(before.time.getTime() + seconds * 1_000);
    this.blocks.push({ number, time });
    await this.client.query(
      `INSERT INTO block VALUES ('1-' || lpad($1::bigint::text, 10, '0'), 1, $1, sha256(int8send($1)), $2)`,
      [number, time],
    );
    const touched = new Set<number>();
    const transfers = Array.from({ length: 1 + random(4) }, (_, position) =>
      this.transfer(position, touched),
    );
    await this.write({ number, time }, transfers, touched);
  }

  private transfer(position: number, touched: Set<number>) {
    const { random } = this;
    const from = random(6) === 0 ? -1 : random(ACCOUNTS);
    const to = random(12) === 0 ? -1 : random(ACCOUNTS);
    const has = from < 0 ? 5n : (this.balances.get(from) ?? 0n);
    const amount = random(4) === 0 ? has : BigInt(random(Number(has) + 1));
    for (const [account, change] of [
      [from, -amount],
      [to, amount],
    ] as const) {
      if (account < 0) continue;
      this.balances.set(account, (this.balances.get(account) ?? 0n) + change);
      touched.add(account);
    }
    return { position, from, to, amount };
  }

  private async write(
    { number, time }: LifeBlock,
    transfers: ReturnType<TransferLife['transfer']>[],
    touched: ReadonlySet<number>,
  ): Promise<void> {
    const bytes = (account: number) => (account < 0 ? ZERO : accountNumbered(account));
    await this.client.query(
      `INSERT INTO transfer (id, token_number, block_number, "timestamp", transaction_hash,
         transaction_index, log_index, position, "from", "to", amount)
       SELECT id, $1, $2, $3, sha256(convert_to(id, 'UTF8')), 0, position, position, f, t, amount
       FROM unnest($4::text[], $5::integer[], $6::bytea[], $7::bytea[], $8::numeric[])
         AS x(id, position, f, t, amount)`,
      [
        TOKEN_NUMBER,
        number,
        time,
        transfers.map(({ position }) => operationId(TOKEN_NUMBER, number, position)),
        transfers.map(({ position }) => position),
        transfers.map(({ from }) => bytes(from)),
        transfers.map(({ to }) => bytes(to)),
        transfers.map(({ amount }) => amount),
      ],
    );
    const rows = [[...touched].map(bytes), [...touched].map((n) => this.balances.get(n) ?? 0n)];
    await this.client.query(
      `INSERT INTO balance_checkpoint (token_number, account, block_number, "interval", balance)
       SELECT $1, account, $2, 0, balance FROM unnest($3::bytea[], $4::numeric[]) AS x(account, balance)`,
      [TOKEN_NUMBER, number, ...rows],
    );
    await this.client.query(
      `INSERT INTO holder SELECT $1, account, balance, 0, 0
       FROM unnest($2::bytea[], $3::numeric[]) AS x(account, balance)
       ON CONFLICT (token_number, account) DO UPDATE SET balance = EXCLUDED.balance`,
      [TOKEN_NUMBER, ...rows],
    );
  }
}

/** The rank of every holder at the end of a block, by a window over all balances. */
export async function ranksByWindow(
  client: pg.ClientBase,
  block: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ account: Buffer; rank: string }>(
    `SELECT account, row_number() OVER (ORDER BY balance DESC, account) AS rank FROM (
       SELECT DISTINCT ON (account) account, balance FROM balance_checkpoint
       WHERE token_number = $1 AND block_number <= $2
       ORDER BY account, block_number DESC, "interval" DESC
     ) b WHERE balance > 0`,
    [TOKEN_NUMBER, block],
  );
  return new Map(rows.map(({ account, rank }) => [account.toString('hex'), Number(rank)]));
}
