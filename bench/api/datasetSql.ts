import type { Dataset } from './dataset.js';

/**
 * The books of three tokens as SQL: a chain of 100,000 blocks for each snapshot, and after the
 * last one half of that. Amounts are derived from the number of the holder, so that every run
 * has the same rows.
 */

/** How large the books are. */
export interface DatasetSize {
  /** Of the first token; the other two are held by a part of the same accounts. */
  readonly holders: number;
  /** Of the first token one block in so many brings revenue. Default: 720 receipts a day. */
  readonly receiptEveryBlocks?: number;
}

export const CHAIN_ID = 1;
const SNAPSHOTS = 6;
export const HEAD_BLOCK = 650_000;
const FINALIZED_BLOCK = HEAD_BLOCK - 75;
/** A block every twelve seconds, the newest at this time. */
export const HEAD_TIME = '2026-01-31T12:00:00Z';
const RECEIPT_EVERY_BLOCKS = 10;

/** Share of the accounts that hold the second and third token too. */
export const PART_OF_ALL_TOKENS = 0.3;

export const TOKENS = [
  { number: 1, address: `0x${'a1'.repeat(20)}`, policy: 'windowed', window: 4 },
  { number: 2, address: `0x${'b2'.repeat(20)}`, policy: 'reference', window: null },
  { number: 3, address: `0x${'c3'.repeat(20)}`, policy: 'windowed', window: 2 },
] as const;

/** The 20 bytes of holder `i`, as SQL over `i`. */
const ACCOUNT = `substring(sha256(int8send(i::bigint)) FOR 20)`;
const TIME = (block: string) =>
  `timestamptz '${HEAD_TIME}' - interval '12 seconds' * (${HEAD_BLOCK} - ${block})`;
const ID = (token: string, block: string, position: string) =>
  `lpad((${token})::text, 4, '0') || '-' || lpad((${block})::text, 10, '0') || '-' ||
   lpad((${position})::text, 6, '0')`;

/** The books under their name, for `openDataset`. */
export function apiDataset(size: DatasetSize): Dataset {
  return { name: `api-${size.holders}`, statements: fillStatements(size) };
}

/** Statements that fill an empty database, in order. */
function fillStatements({
  holders,
  receiptEveryBlocks = RECEIPT_EVERY_BLOCKS,
}: DatasetSize): { label: string; sql: string }[] {
  const statements = TOKENS.flatMap((token) => tokenStatements(token, holders, receiptEveryBlocks));
  return [
    { label: 'settings', sql: `SET synchronous_commit = off; SET work_mem = '128MB';` },
    {
      label: 'accounts',
      sql: `CREATE TEMP TABLE bench_account AS
        SELECT i, ${ACCOUNT} AS account FROM generate_series(1, ${holders}) i ORDER BY 2;
        CREATE INDEX ON bench_account (i); ANALYZE bench_account`,
    },
    ...statements,
    {
      label: 'blocks',
      sql: `INSERT INTO block (id, chain_id, number, hash, "timestamp")
        SELECT '${CHAIN_ID}-' || lpad(number::text, 10, '0'), ${CHAIN_ID}, number,
          sha256(int4send(number::int)), ${TIME('number')}
        FROM (SELECT DISTINCT block_number AS number FROM receipt
          UNION SELECT block_number FROM snapshot) b
        WHERE number <= ${FINALIZED_BLOCK} ORDER BY number;
        INSERT INTO hot_block (chain_id, height, hash, "timestamp")
        SELECT ${CHAIN_ID}, number, sha256(int4send(number::int)), ${TIME('number')}
        FROM generate_series(${FINALIZED_BLOCK + 1}, ${HEAD_BLOCK}) number;
        INSERT INTO chain_cursor
        SELECT ${CHAIN_ID}, ${HEAD_BLOCK}, sha256(int4send(${HEAD_BLOCK})), ${TIME(`${HEAD_BLOCK}`)},
          ${FINALIZED_BLOCK}, sha256(int4send(${FINALIZED_BLOCK}))`,
    },
    { label: 'statistics', sql: 'VACUUM ANALYZE' },
  ];
}

function tokenStatements(
  { number, address, policy, window }: (typeof TOKENS)[number],
  holders: number,
  receiptEveryBlocks: number,
): { label: string; sql: string }[] {
  const most = number === 1 ? holders : Math.floor(holders * PART_OF_ALL_TOKENS);
  const receiptEvery = receiptEveryBlocks * number;
  return [
    {
      label: `token ${number}`,
      sql: `INSERT INTO token (id, number, chain_id, address, name, symbol, decimals, policy,
          percent_claimable, "window", "interval", interval_unit, start_block)
        VALUES ('${CHAIN_ID}-${address}', ${number}, ${CHAIN_ID}, decode('${address.slice(2)}', 'hex'),
          'Bench ${number}', 'B${number}', 18, '${policy}', 80, ${window ?? 'NULL'}, 86400, 'seconds', 1)`,
    },
    { label: `balances of token ${number}`, sql: checkpoints(number, most) },
    { label: `receipts of token ${number}`, sql: receipts(number, receiptEvery) },
    { label: `snapshots of token ${number}`, sql: snapshots(number) },
    { label: `claims of token ${number}`, sql: claims(number, window) },
    { label: `pools of token ${number}`, sql: pools(number, window) },
    {
      label: `newest states of token ${number}`,
      sql: `INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
        SELECT ${number}, b.account, b.balance, coalesce(c.wei, 0), 0
        FROM (SELECT DISTINCT ON (account) account, balance FROM balance_checkpoint
          WHERE token_number = ${number} ORDER BY account, block_number DESC) b
        LEFT JOIN (SELECT holder, sum(amount_wei) AS wei FROM claim
          WHERE token_number = ${number} GROUP BY holder) c ON c.holder = b.account`,
    },
  ];
}

/**
 * Everybody is given something before the first snapshot; later one in five pairs of neighbours,
 * and one in twenty, have a transfer between them, so that the supply stays what it is.
 */
function checkpoints(token: number, most: number): string {
  const first = `(('x' || substr(md5('${token}-' || i), 1, 15))::bit(60)::bigint::numeric * 1000
    / (1 + i % 997))::numeric(78,0)`;
  const pair = '((s.i - 1) / 2)';
  return `CREATE TEMP TABLE start_${token} AS
      SELECT i, account, ${first} AS balance FROM bench_account WHERE i <= ${most};
    CREATE INDEX ON start_${token} (i);
    INSERT INTO balance_checkpoint (token_number, account, block_number, "interval", balance)
    SELECT ${token}, account, block_number, "interval", balance FROM (
      SELECT account, 1 + i % 99000 AS block_number, 0 AS "interval", balance FROM start_${token}
      UNION ALL
      SELECT s.account, t.interval * 100000 + 1 + ${pair} % 40000, t.interval,
        CASE WHEN s.i % 2 = 1 THEN s.balance - div(s.balance, 3) ELSE s.balance + div(o.balance, 3) END
      FROM start_${token} s
      JOIN start_${token} o ON o.i = CASE WHEN s.i % 2 = 1 THEN s.i + 1 ELSE s.i - 1 END
      CROSS JOIN (VALUES (3, 5), (6, 20)) AS t(interval, every)
      WHERE ${pair} % t.every = t.interval % t.every
    ) c ORDER BY account`;
}

function receipts(token: number, every: number): string {
  return `INSERT INTO receipt (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, payer, amount_wei, kind, source)
    SELECT ${ID(`${token}`, 'b', '0')}, ${token}, b, ${TIME('b')}, sha256(int4send(b * 8 + ${token})),
      0, 0, substring(sha256(int4send(b % 50)) FOR 20),
      1000000000000000 * (1 + b % 97) + b, 'call', 'unknown'
    FROM generate_series(1000, ${HEAD_BLOCK}, ${every}) b`;
}

/** Snapshot `s` is taken in block `s * 100000` and assigns 80 % of what came in since the last. */
function snapshots(token: number): string {
  return `INSERT INTO snapshot (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, snapshot_id, new_revenue_wei, claimable_wei, fresh_wei,
      rolled_over_wei, redeemable_added_wei, supply)
    SELECT ${ID(`${token}`, 's * 100000', '9')}, ${token}, s * 100000, ${TIME('s * 100000')},
      sha256(int4send(s)), 0, 9, s, n, div(n * 80, 100), div(n * 80, 100), 0, n - div(n * 80, 100),
      (SELECT sum(balance) FROM start_${token})
    FROM generate_series(1, ${SNAPSHOTS}) s
    CROSS JOIN LATERAL (SELECT sum(amount_wei) AS n FROM receipt WHERE token_number = ${token}
      AND block_number > (s - 1) * 100000 AND block_number <= s * 100000) r`;
}

/** One holder in twenty claims each snapshot, exactly its share, in the blocks after it. */
function claims(token: number, window: number | null): string {
  const firstId = window === null ? 1 : SNAPSHOTS - window;
  return `INSERT INTO claim (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, holder, snapshot_id, amount_wei, snapshot_claimed_wei)
    SELECT ${ID(`${token}`, 'b', 'p')}, ${token}, b, ${TIME('b')}, sha256(int8send(n)), p, p, account,
      snapshot_id, wei, sum(wei) OVER (PARTITION BY snapshot_id ORDER BY n)
    FROM (
      SELECT s.snapshot_id, h.account, div(c.balance * s.claimable_wei, s.supply) AS wei, r.n,
        s.block_number + 1 + (r.n / 20)::int AS b, 10 + (r.n % 20)::int AS p
      FROM snapshot s
      JOIN LATERAL (SELECT account, row_number() OVER (ORDER BY i) AS n FROM start_${token}
        WHERE i % 20 = s.snapshot_id) r ON true
      JOIN start_${token} h USING (account)
      CROSS JOIN LATERAL (SELECT b.balance FROM balance_checkpoint b
        WHERE b.account = h.account AND b.token_number = ${token}
          AND b.block_number <= s.block_number AND b."interval" < s.snapshot_id
        ORDER BY b.block_number DESC LIMIT 1) c
      WHERE s.token_number = ${token} AND s.snapshot_id >= ${Math.max(1, firstId)}
    ) x WHERE wei > 0`;
}

/** The pools at the end: what was received is claimed, claimable, new, or for burners. */
function pools(token: number, window: number | null): string {
  const open = window === null ? 1 : SNAPSHOTS - window + 1;
  return `INSERT INTO pool_version (id, token_number, block_number, "timestamp", balance_wei, supply,
      new_revenue_wei, claim_pool_wei, redeem_pool_wei, redeemed_from_new_wei, last_snapshot_id,
      received_wei, claimed_wei, redeemed_wei)
    SELECT ${ID(`${token}`, `${HEAD_BLOCK - 10}`, '0')}, ${token}, ${HEAD_BLOCK - 10},
      ${TIME(`${HEAD_BLOCK - 10}`)}, received - claimed, supply, fresh, claimable - claimed_open,
      received - claimed - fresh - (claimable - claimed_open), 0, ${SNAPSHOTS}, received, claimed, 0
    FROM (SELECT
      (SELECT sum(amount_wei) FROM receipt WHERE token_number = ${token}) AS received,
      (SELECT sum(amount_wei) FROM receipt WHERE token_number = ${token}
        AND block_number > ${SNAPSHOTS} * 100000) AS fresh,
      (SELECT coalesce(sum(amount_wei), 0) FROM claim WHERE token_number = ${token}) AS claimed,
      (SELECT coalesce(sum(amount_wei), 0) FROM claim WHERE token_number = ${token}
        AND snapshot_id >= ${open}) AS claimed_open,
      (SELECT sum(claimable_wei) FROM snapshot WHERE token_number = ${token}
        AND snapshot_id >= ${open}) AS claimable,
      (SELECT supply FROM snapshot WHERE token_number = ${token} LIMIT 1) AS supply) x`;
}
