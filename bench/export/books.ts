import { withClient } from '../ingest/databases.js';

/** How many rows of entitlements there are to be. */
export interface BooksSize {
  readonly holders: number;
  readonly snapshots: number;
}

const SUPPLY = 10n ** 27n;
const START_BLOCK = 20_000_000;
const BLOCKS_BETWEEN = 50_000;

/**
 * Books of one windowed token (80 %, the last two snapshots), written by SQL, with the requested
 * number of holders. Some balances change between snapshots, and some holders claimed. The
 * figures are those that the processor would have written; balances and shares have 20 to 25
 * digits, as those of a token with 18 decimals.
 */
export async function writeBooks(url: string, { holders, snapshots }: BooksSize): Promise<void> {
  await withClient(url, async (client) => {
    const block = (snapshot: number) => START_BLOCK + snapshot * BLOCKS_BETWEEN;
    await client.query(
      `INSERT INTO token VALUES ('1-0x${'ab'.repeat(20)}', 1, 1, '\\x${'ab'.repeat(20)}', 'Bench',
         'BNCH', 18, 'windowed', 80, 2, 86400, 'seconds', ${START_BLOCK}, 0)`,
    );
    // An even part of the supply, more or less by the number of the holder.
    const balance = (n: string) =>
      `div(${SUPPLY}, ${holders}) - div(${SUPPLY}, ${holders}::numeric * ${holders}) * (${n} % 1009)`;
    const account = (n: string) => `substring(sha256(int4send(${n})) FROM 1 FOR 20)`;
    await client.query(
      `INSERT INTO balance_checkpoint
       SELECT 1, ${account('n')}, ${START_BLOCK} + n % ${BLOCKS_BETWEEN}, 0, ${balance('n')}
       FROM generate_series(1, ${holders}) n`,
    );
    // A tenth of them gets more after every snapshot.
    await client.query(
      `INSERT INTO balance_checkpoint
       SELECT 1, ${account('n')}, ${START_BLOCK} + s * ${BLOCKS_BETWEEN} + 7 + n % 1000, s,
         ${balance('n')} + s
       FROM generate_series(10, ${holders}, 10) n, generate_series(1, ${snapshots - 1}) s`,
    );
    for (let id = 1; id <= snapshots; id += 1) {
      const assigned = 12_345_678_901_234_567_890n * BigInt(id);
      const at = `1, ${block(id)}, '2025-01-0${id}T00:00:00Z'`;
      const rowId = `'0001-${String(block(id)).padStart(10, '0')}-000000'`;
      await client.query(
        `INSERT INTO snapshot VALUES (${rowId}, ${at}, '\\xabcd', 0, 0, ${id}, ${assigned},
           ${assigned}, ${assigned}, 0, 0, ${SUPPLY});
         INSERT INTO block VALUES ('1-${String(block(id)).padStart(10, '0')}', 1, ${block(id)},
           '\\x0${id}', '2025-01-0${id}T00:00:00Z');
         INSERT INTO claim
         SELECT '0001-${String(block(id) + 2_000).padStart(10, '0')}-' || lpad((n / 3)::text, 6, '0'),
           1, ${block(id) + 2_000}, '2025-01-0${id}T12:00:00Z', '\\xabcd', 0, n / 3, c.account, ${id},
           div(c.balance * ${assigned}, ${SUPPLY}), 0
         FROM (
           SELECT DISTINCT ON (account) account, balance FROM balance_checkpoint
           WHERE "interval" < ${id} ORDER BY account, block_number DESC, "interval" DESC
         ) c JOIN (SELECT n, ${account('n')} AS account FROM generate_series(3, ${holders}, 3) n) h
           USING (account)`,
      );
    }
    const last = block(snapshots) + 3_000;
    await client.query(
      `INSERT INTO pool_version VALUES ('0001-${String(last).padStart(10, '0')}-999999', 1, ${last},
         '2025-02-01', ${10n ** 21n}, ${SUPPLY}, 0, ${10n ** 20n}, ${10n ** 20n}, 0, ${snapshots},
         ${10n ** 21n}, 0, 0);
       INSERT INTO holder SELECT DISTINCT ON (account) 1, account, balance, 0, 0
         FROM balance_checkpoint ORDER BY account, block_number DESC, "interval" DESC;
       INSERT INTO chain_cursor VALUES (1, ${last}, '\\xff', '2025-02-01', ${last}, '\\xff')`,
    );
    await client.query('VACUUM ANALYZE');
  });
}
