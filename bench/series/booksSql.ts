/**
 * The books of one token over two years, as SQL. A distributor gives tokens to every holder, and between two such
 * transfers one holder pays another one. Every eighth transfer sells all that the sender has. Amounts follow from
 * numbers of holders, so that every run has the same rows; balances are the sums of the transfers.
 */

const DAYS = 731;
const BLOCKS_A_DAY = 7_200;
/** Half of the last day has passed. */
const HEAD_BLOCK = DAYS * BLOCKS_A_DAY - BLOCKS_A_DAY / 2;
const FINALIZED_BLOCK = HEAD_BLOCK - 75;
const FIRST_DAY = '2024-01-01T00:00:00Z';
const FIRST_TRANSFER_BLOCK = 100;
const TRANSFERS_A_BLOCK = 4;
const RECEIPT_EVERY_BLOCKS = 360;
const SNAPSHOT_EVERY_BLOCKS = 30 * BLOCKS_A_DAY;
const SNAPSHOTS = Math.floor(HEAD_BLOCK / SNAPSHOT_EVERY_BLOCKS);
/** One holder in so many claims each snapshot. */
const CLAIM_EVERY_HOLDERS = 240;
const CONTRACT_EVERY_HOLDERS = 100;
/** Token units for each unit of the arithmetic, which fits 64 bits. */
const UNIT = '1000000000000';

export const TOKEN = `0x${'5e'.repeat(20)}`;
/** The number of the account that distributes. */
const DISTRIBUTOR = 0;

/** The 20 bytes of account `i`, as SQL over `i`. */
const ACCOUNT = 'substring(sha256(int8send(i::bigint)) FOR 20)';
const TIME = (block: string) => `timestamptz '${FIRST_DAY}' + interval '12 seconds' * (${block})`;
const ID = (block: string, position: string) =>
  `'0001-' || lpad((${block})::text, 10, '0') || '-' || lpad((${position})::text, 6, '0')`;
const INTERVAL = (block: string) => `(${block}) / ${SNAPSHOT_EVERY_BLOCKS}`;

/** Statements that fill an empty database, in order; `holders` may be small. */
export function fillStatements(holders: number): { label: string; sql: string }[] {
  return [
    {
      label: 'settings',
      sql: `SET synchronous_commit = off; SET work_mem = '512MB'; SET maintenance_work_mem = '512MB'`,
    },
    { label: 'accounts', sql: accounts(holders) },
    { label: 'transfers', sql: transfers(holders) },
    { label: 'balances', sql: BALANCES },
    { label: 'holders', sql: HOLDERS },
    { label: 'revenue', sql: revenue(holders) },
    { label: 'pools', sql: POOLS },
    { label: 'blocks', sql: BLOCKS },
    { label: 'contracts', sql: contracts(holders) },
    { label: 'statistics', sql: 'VACUUM ANALYZE' },
  ];
}

/** One holder in three got the same amount as all of these: ties of ranks. The others differ by the power of 5. */
function accounts(holders: number): string {
  return `INSERT INTO token (id, number, chain_id, address, name, symbol, decimals, policy,
      percent_claimable, "window", "interval", interval_unit, start_block)
    VALUES ('1-${TOKEN}', 1, 1, decode('${TOKEN.slice(2)}', 'hex'), 'Bench', 'B', 18, 'windowed', 80, 4,
      86400, 'seconds', 1);
    CREATE TEMP TABLE bench_account AS SELECT i, ${ACCOUNT} AS account,
      CASE WHEN i % 3 = 0 THEN 100000000
        ELSE 64 + floor(exp((hashint4(i) & 1073741823) / 1073741823.0::float8 * 11.5) * 1000000)::bigint
          + i % 9973 END AS given
      FROM generate_series(${DISTRIBUTOR}, ${holders}) i;
    CREATE UNIQUE INDEX ON bench_account (i); ANALYZE bench_account`;
}

/**
 * Transfer 2 k gives to holder k; 2 k + 1 is from one holder to another one who both have tokens by then.
 * Holders whose number is a multiple of 4 only sell everything, so that the others always can pay.
 */
function transfers(holders: number): string {
  const span = HEAD_BLOCK - 2 * FIRST_TRANSFER_BLOCK;
  const block = `${FIRST_TRANSFER_BLOCK} + (t / ${TRANSFERS_A_BLOCK} * ${TRANSFERS_A_BLOCK})::bigint * ${span} / ${2 * holders + 2}`;
  const other = (seed: number) => `(SELECT CASE WHEN o % 4 = 0 THEN o + 1 ELSE o END
      FROM (SELECT 1 + (hashint4(k * 2 + ${seed}) & 1073741823) % (k - 1) AS o) h)`;
  return `CREATE TEMP TABLE bench_transfer AS
    SELECT t, ${block} AS block, s, r, amount FROM (
      SELECT 2 * a.i AS t, ${DISTRIBUTOR} AS s, a.i AS r, a.given AS amount
      FROM bench_account a WHERE a.i > 0
      UNION ALL
      SELECT 2 * k + 1, p.s, p.r, CASE WHEN k % 8 = 0 THEN f.given ELSE f.given / 64 END
      FROM generate_series(5, ${holders - 1}) k
      CROSS JOIN LATERAL (SELECT CASE WHEN k % 8 = 0 THEN k / 2 ELSE ${other(0)} END AS s, ${other(1)} AS r) p
      JOIN bench_account f ON f.i = p.s
    ) x WHERE s <> r AND amount > 0;
    INSERT INTO bench_transfer SELECT 0, 1, NULL, ${DISTRIBUTOR}, sum(given) FROM bench_account WHERE i > 0;
    INSERT INTO transfer (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, log_index, position, "from", "to", amount)
    SELECT ${ID('block', 't % 100000')}, 1, block, ${TIME('block')}, sha256(int4send(t)), 0, t % 1000, t % 100000,
      coalesce(f.account, decode(repeat('00', 20), 'hex')), g.account, amount * ${UNIT}::numeric
    FROM bench_transfer t LEFT JOIN bench_account f ON f.i = t.s JOIN bench_account g ON g.i = t.r ORDER BY t`;
}

/** In the order of the chain, as the indexer writes them. */
const BALANCES = `CREATE TEMP TABLE bench_balance AS
    SELECT i, block, balance, coalesce(lag(balance) OVER (PARTITION BY i ORDER BY block), 0) AS before FROM (
      SELECT i, block, sum(sum(delta)) OVER (PARTITION BY i ORDER BY block)::bigint AS balance FROM (
        SELECT s AS i, block, -amount AS delta FROM bench_transfer WHERE s IS NOT NULL
        UNION ALL SELECT r, block, amount FROM bench_transfer
      ) legs GROUP BY i, block
    ) ends;
    ALTER TABLE balance_checkpoint DROP CONSTRAINT balance_checkpoint_pkey;
    INSERT INTO balance_checkpoint (token_number, account, block_number, "interval", balance)
    SELECT 1, a.account, b.block, ${INTERVAL('b.block')}, b.balance * ${UNIT}::numeric
    FROM bench_balance b JOIN bench_account a USING (i) ORDER BY b.block / 20000, a.account;
    ALTER TABLE balance_checkpoint ADD PRIMARY KEY (account, token_number, block_number, "interval");
    INSERT INTO holder_count (id, token_number, block_number, "timestamp", holders)
    SELECT ${ID('block', '999999')}, 1, block, ${TIME('block')}, sum(change) OVER (ORDER BY block) FROM (
      SELECT block, sum((balance > 0)::int - (before > 0)::int) AS change
      FROM bench_balance GROUP BY block HAVING sum((balance > 0)::int - (before > 0)::int) <> 0
    ) c ORDER BY block;
    ANALYZE balance_checkpoint`;

const HOLDERS = `INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
    SELECT 1, a.account, b.balance * ${UNIT}::numeric, 0, 0
    FROM (SELECT DISTINCT ON (i) i, balance FROM bench_balance ORDER BY i, block DESC) b
    JOIN bench_account a USING (i) ORDER BY a.account`;

/** Receipts all the time; a snapshot of 80 % of them every 30 days; claims of it in the 20 days after it. */
function revenue(holders: number): string {
  return `INSERT INTO receipt (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, payer, amount_wei, kind, source, path)
    SELECT ${ID('b', '0')}, 1, b, ${TIME('b')}, sha256(int4send(b)), 0, 0, substring(sha256(int4send(b % 50)) FOR 20),
      1000000000000000 * (1 + b % 97) + b, 'call', 'unknown', '{}'
    FROM generate_series(${RECEIPT_EVERY_BLOCKS}, ${HEAD_BLOCK}, ${RECEIPT_EVERY_BLOCKS}) b;
    INSERT INTO snapshot (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, snapshot_id, new_revenue_wei, claimable_wei, fresh_wei,
      rolled_over_wei, redeemable_added_wei, supply)
    SELECT ${ID('b', '9')}, 1, b, ${TIME('b')}, sha256(int4send(s)), 0, 9, s, n, div(n * 80, 100), div(n * 80, 100),
      0, n - div(n * 80, 100), (SELECT sum(balance) FROM holder)
    FROM generate_series(1, ${SNAPSHOTS}) s
    CROSS JOIN LATERAL (SELECT s * ${SNAPSHOT_EVERY_BLOCKS} AS b) x
    CROSS JOIN LATERAL (SELECT sum(amount_wei) AS n FROM receipt
      WHERE block_number > b - ${SNAPSHOT_EVERY_BLOCKS} AND block_number <= b) r;
    INSERT INTO claim (id, token_number, block_number, "timestamp", transaction_hash,
      transaction_index, position, holder, snapshot_id, amount_wei, snapshot_claimed_wei)
    SELECT ${ID('b', 'p')}, 1, b, ${TIME('b')}, sha256(int8send(i * 100 + snapshot_id)), p, p, account, snapshot_id,
      wei, sum(wei) OVER (PARTITION BY snapshot_id ORDER BY i)
    FROM (
      SELECT a.i, a.account, s.snapshot_id, div(c.balance * s.claimable_wei, s.supply) AS wei,
        s.block_number + 1 + (a.i::bigint * ${20 * BLOCKS_A_DAY} / ${holders + 1})::int AS b, 10 + a.i % 1000 AS p
      FROM snapshot s
      JOIN bench_account a ON a.i % ${CLAIM_EVERY_HOLDERS} = s.snapshot_id
      CROSS JOIN LATERAL (SELECT b.balance FROM balance_checkpoint b
        WHERE b.account = a.account AND b.token_number = 1 AND b.block_number <= s.block_number
          AND b."interval" < s.snapshot_id ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1) c
    ) x WHERE wei > 0 AND b <= ${HEAD_BLOCK}`;
}

const POOLS = `INSERT INTO pool_version (id, token_number, block_number, "timestamp", balance_wei, supply,
      new_revenue_wei, claim_pool_wei, redeem_pool_wei, redeemed_from_new_wei, last_snapshot_id,
      received_wei, claimed_wei, redeemed_wei)
    SELECT ${ID('block', '999999')}, 1, block, ${TIME('block')}, received - claimed, supply,
      received - assigned - pooled, assigned - claimed, pooled, 0, snapshots, received, claimed, 0
    FROM (
      SELECT block, (SELECT supply FROM snapshot LIMIT 1) AS supply, sum(sum(received)) OVER upto AS received,
        sum(sum(claimed)) OVER upto AS claimed, sum(sum(assigned)) OVER upto AS assigned,
        sum(sum(pooled)) OVER upto AS pooled, sum(sum(snapshots)) OVER upto AS snapshots
      FROM (
        SELECT 1 AS block, 0 AS received, 0 AS claimed, 0 AS assigned, 0 AS pooled, 0 AS snapshots
        UNION ALL SELECT block_number, amount_wei, 0, 0, 0, 0 FROM receipt
        UNION ALL SELECT block_number, 0, amount_wei, 0, 0, 0 FROM claim
        UNION ALL SELECT block_number, 0, 0, claimable_wei, redeemable_added_wei, 1 FROM snapshot
      ) e GROUP BY block WINDOW upto AS (ORDER BY block)
    ) p ORDER BY block`;

const BLOCKS = `INSERT INTO block (id, chain_id, number, hash, "timestamp")
    SELECT '1-' || lpad(number::text, 10, '0'), 1, number, sha256(int4send(number::int)), ${TIME('number')}
    FROM (SELECT block AS number FROM bench_transfer UNION SELECT block_number FROM pool_version) b ORDER BY number;
    INSERT INTO hot_block (chain_id, height, hash, "timestamp")
    SELECT 1, number, sha256(int4send(number::int)), ${TIME('number')}
    FROM generate_series(${FINALIZED_BLOCK + 1}, ${HEAD_BLOCK}) number;
    INSERT INTO chain_cursor SELECT 1, ${HEAD_BLOCK}, sha256(int4send(${HEAD_BLOCK})), ${TIME(`${HEAD_BLOCK}`)},
      ${FINALIZED_BLOCK}, sha256(int4send(${FINALIZED_BLOCK}))`;

/** Every account is known to have code or not; only contracts need a row for that. */
function contracts(holders: number): string {
  return `INSERT INTO account_code (chain_id, address, code, block_number)
    SELECT 1, account, 'contract', ${HEAD_BLOCK} FROM bench_account
    WHERE i BETWEEN 1 AND ${holders} AND i % ${CONTRACT_EVERY_HOLDERS} = 0;
    INSERT INTO account_reading (token_number, block_number, last_account, is_complete)
    VALUES (1, ${HEAD_BLOCK}, NULL, true)`;
}
